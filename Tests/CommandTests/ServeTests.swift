import Foundation
import Testing

@Suite("serve")
struct ServeTests {
  @Test("SIGTERM and Ctrl-C end it with 0", arguments: [SIGTERM, SIGINT])
  func stops(signal: Int32) async throws {
    let server = try await RunningServer()
    #expect(try server.get("/healthz").status == 200)
    server.command.signal(signal)
    let ended = try await server.command.end(within: .seconds(10))
    #expect(ended.status == 0)
    #expect(ended.output.hasSuffix("Stopped.\n"))
  }

  @Test("a used port is told with the remedy, and ends with 2")
  func usedPort() async throws {
    let held = HeldPort()
    let ended = try await Command.run("serve", "--port", "\(held.port)")
    #expect(ended.status == 2)
    #expect(ended.errors.contains("voiceforge: port \(held.port) of 127.0.0.1 is in use; choose another with --port"))
  }

  @Test("the port: option over environment over .env")
  func settings() async throws {
    let scratch = try Scratch()
    let (mine, theirs) = (HeldPort.free(), HeldPort.free())
    _ = try scratch.write("export VOICEFORGE_PORT='\(mine)' \n# VOICEFORGE_PORT=1\n", to: ".env")
    for (arguments, environment, port) in [
      ([], [:], mine), ([], ["VOICEFORGE_PORT": "\(theirs)"], theirs),
      (["--port", "\(mine)"], ["VOICEFORGE_PORT": "1"], mine),
    ] as [([String], [String: String], UInt16)] {
      let command = try Command(["serve"] + arguments, environment: environment, folder: scratch)
      try await command.wait(.seconds(10), for: "port \(port)") { command.output.contains(":\(port) ") ? true : nil }
      command.signal(SIGTERM)
      #expect(try await command.end(within: .seconds(10)).status == 0)
    }
  }

  @Test(
    "a setting that makes no sense is named, and ends with 2",
    arguments: [
      ("VOICEFORGE_PORT", "eighty", "expected 0 to 65535, got \"eighty\""),
      ("VOICEFORGE_CALLS", "0", "expected 1 to 100000"),
      ("VOICEFORGE_HOST", "localhost", "is not an IPv4 or IPv6 address"),
      ("VOICEFORGE_FLOWS", "/nowhere", "cannot read the folder"),
      ("VOICEFORGE_WEB", "/nowhere", "there is no folder /nowhere for the page"),
      ("VOICEFORGE_DEFAULT_FLOW", "nothing", "there is no flow nothing; there are appointment"),
      ("VOICEFORGE_PUBLIC_URL", "voice.example", "expected https://host or http://host:port without a path"),
      ("VOICEFORGE_PUBLIC_URL", "https://voice.example/path", "expected https://host or http://host:port"),
      ("TWILIO_AUTH_TOKEN", "short", "TWILIO_AUTH_TOKEN: expected the token of a Twilio account, got 5 bytes"),
      ("VOICEFORGE_SECRETS_KEY", "short", "VOICEFORGE_SECRETS_KEY: expected 32 bytes as 64 hexadecimal digits"),
      ("VOICEFORGE_SECRETS_KEY_OLD", "short", "openssl rand -hex 32` prints, got 5 characters"),
    ])
  func wrongSetting(name: String, value: String, message: String) async throws {
    var environment = ["VOICEFORGE_PORT": "\(HeldPort.free())"]
    environment[name] = value
    let ended = try await Command.run("serve", environment: environment)
    #expect(ended.status == 2)
    #expect(ended.errors.contains(message), "\(ended.errors)")
  }

  @Test("an address that others can reach needs a key, and TLS or a proxy that speaks it")
  func openToOthers() async throws {
    let key = ["VOICE_API_KEY": "planted-0123456789abcdef"]
    for (arguments, environment, remedy) in [
      ([], [:], "set VOICE_API_KEY"), (["--behind-proxy"], [:], "set VOICE_API_KEY"),
      (["--proxy-protocol"], [:], "--proxy-protocol: name the proxies that write it, with --trusted-proxy"),
      ([], ["VOICEFORGE_PROXY_PROTOCOL": "true"], "VOICEFORGE_PROXY_PROTOCOL: name the proxies that write it"),
      ([], key, "--tls-certificate and --tls-key, or say --behind-proxy"),
      ([], ["VOICE_API_KEY": "short"], "VOICE_API_KEY: expected 16 to 512 printable characters"),
    ] as [([String], [String: String], String)] {
      let ended = try await Command(
        ["serve", "--port", "0", "--host", "0.0.0.0"] + arguments, environment: environment
      ).end(within: .seconds(20))
      #expect(ended.status == 2)
      #expect(ended.errors.contains(remedy), "\(ended.errors)")
    }
    let command = try Command(
      ["serve", "--port", "0", "--host", "0.0.0.0", "--behind-proxy"], environment: key)
    try await command.wait(.seconds(10), for: "the address") { command.output.contains("serves on") ? true : nil }
    command.signal(SIGTERM)
    let ended = try await command.end(within: .seconds(10))
    #expect(ended.status == 0)
    #expect(ended.errors.contains("Requests need a key."))
    #expect(!(ended.errors + ended.output).contains("planted-0123456789abcdef"))
  }

  @Test("without engines the page and REST are served, and the terminal says once what to do")
  func noEngines() async throws {
    let scratch = try Scratch()
    let server = try await RunningServer(["--demo"], environment: ["VOICEFORGE_ENGINES": scratch.path])
    try await server.command.wait(.seconds(10), for: "the advice") {
      server.command.errors.contains("`make setup` installs them, `voiceforge doctor` shows what is missing")
        ? true : nil
    }
    #expect(try server.get("/").status == 200)
    #expect(try server.get("/api/flows").status == 200)
    let readiness = try server.get("/readyz")
    #expect(readiness.status == 503 && readiness.body.contains("\"status\":\"failed\""))
    #expect(readiness.body.contains("voiceforge doctor"))
    let ended = try await server.stop()
    #expect(ended.status == 0)
    #expect(ended.errors.ranges(of: "make setup").count == 1)
  }

  @Test("a folder of flows that is not there is named with the system's reason and what to do: 2")
  func noFlows() async throws {
    let ended = try await Command.run("serve", "--port", "0", "--flows", "/nowhere")
    #expect(ended.status == 2)
    #expect(
      ended.errors.contains(
        "cannot read the folder of flows /nowhere (No such file or directory); name another with --flows"))
  }
}
