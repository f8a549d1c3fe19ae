import JSON
import Foundation
import Testing

@Suite("TLS", .enabled(if: TestCertificate.isPossible, "needs openssl"))
struct TLSTests {
  private static let key = "planted-0123456789abcdef"

  /// A server that speaks TLS and wants a key.
  private func server(_ files: TestCertificate) async throws -> (command: Command, url: String) {
    let command = try Command(
      ["serve", "--port", "0", "--tls-certificate", files.certificate, "--tls-key", files.key],
      environment: ["VOICE_API_KEY": Self.key])
    let url = try await command.wait(.seconds(10), for: "the server's address") {
      command.output.firstMatch(of: /serves on (https:\/\/\S+)/).map { String($0.1) }
    }
    return (command, url)
  }

  private func curl(_ files: TestCertificate?, _ arguments: String...) async throws -> Command.Ended {
    let trust = files.map { ["--cacert", $0.certificate] } ?? []
    let command = try Command(
      ["-sS", "--max-time", "10"] + trust + arguments, program: URL(filePath: "/usr/bin/curl"))
    return try await command.end(within: .seconds(20))
  }

  @Test("curl reads the page and REST, small and large; plain HTTP is told what is spoken")
  func curlReads() async throws {
    let files = try await TestCertificate()
    let (command, url) = try await server(files)
    #expect(try await curl(files, url + "/healthz").output.contains("\"status\":\"ok\""))
    #expect(try await curl(files, url + "/api/flows").output.contains("\"status\":401"))
    let flows = try await curl(files, "-H", "authorization: Bearer \(Self.key)", url + "/api/flows", url + "/api/flows")
    #expect(flows.output.components(separatedBy: "appointment").count > 2)
    let page = try await curl(files, url + "/css/shared.css")
    #expect(page.status == 0 && page.output.utf8.count > 10_000)
    let large = try files.folder.write(String(repeating: "x", count: 3_000_000), to: "large")
    _ = large
    let posted = try await curl(
      files, "-H", "authorization: Bearer \(Self.key)", "--data-binary", "@\(files.folder.path)/large",
      "-H", "Expect:", url + "/testcases")
    #expect(posted.output.contains("problem") || posted.output.contains("\"status\":4"), "\(posted)")
    #expect(try await curl(nil, url + "/healthz").status == 60)  // nobody vouches for the certificate
    #expect(try await curl(nil, url.replacing("https:", with: "http:") + "/healthz").output.contains("use https://"))
    #expect(try await curl(files, "--tls-max", "1.1", url + "/healthz").status == 35)
    command.signal(SIGTERM)
    let ended = try await command.end(within: .seconds(10))
    #expect(ended.status == 0)
    #expect(!(ended.errors + ended.output).contains(Self.key))
  }

  @Test("a call over wss with a key; without one, or without trust, there is none")
  func call() async throws {
    let files = try await TestCertificate()
    let (command, url) = try await server(files)
    let arguments = ["call", "--type", "I want to book.", "--json", "--target", url.replacing("https:", with: "wss:")]
    let trust = ["SSL_CERT_FILE": files.certificate]
    let good = try await Command(arguments, environment: trust.merging(["VOICEFORGE_KEY": Self.key]) { $1 })
      .end(within: .seconds(60))
    #expect(good.status == 0, "\(good)")
    #expect(!good.output.contains(Self.key) && !good.errors.contains(Self.key))
    let keyless = try await Command(arguments, environment: trust).end(within: .seconds(60))
    #expect(keyless.status != 0)
    let wrong = try await Command(arguments + ["--key", "wrong"], environment: trust).end(within: .seconds(60))
    #expect(wrong.status != 0)
    let trustless = try await Command(arguments + ["--key", Self.key]).end(within: .seconds(60))
    #expect(trustless.status == 4)
    command.signal(SIGTERM)
    #expect(try await command.end(within: .seconds(10)).status == 0)
  }

  @Test("keys are made, listed and revoked by command; each shows its secret once")
  func keys() async throws {
    let files = try await TestCertificate()
    let (command, url) = try await server(files)
    let environment = ["SSL_CERT_FILE": files.certificate, "VOICEFORGE_KEY": Self.key]
    func keys(_ arguments: String...) async throws -> Command.Ended {
      try await Command(["keys"] + arguments + ["--target", url], environment: environment).end(within: .seconds(20))
    }
    let made = try await keys(
      "create", "--name", "ci", "--scope", "call", "--scope", "read", "--expires", "30d", "--rate", "60")
    #expect(made.status == 0, "\(made.errors)")
    let secret = try #require(made.output.wholeMatch(of: /(vf_([0-9a-f]{12})_[0-9a-f]{64})\n/))
    let list = try await keys("list")
    #expect(list.output.contains(secret.2) && list.output.contains("ci") && !list.output.contains(secret.1))
    #expect(list.errors.contains("end with the server"))
    #expect(try JSONValue(parsing: try await keys("list", "--json").output).text(at: "keys.1.name") == "ci")
    let revoked = try await keys("revoke", String(secret.2))
    #expect(revoked.status == 0 && revoked.output == "Revoked ci.\n")
    #expect(try await keys("list").output.contains("revoked"))
    #expect(try await keys("revoke", "000000000000").status == 2)
    let senseless = try await keys("create", "--name", "x", "--scope", "all")
    #expect(senseless.status == 2 && senseless.errors.contains("there are call, read, manage, speech, model, dial"))
    command.signal(SIGTERM)
    #expect(try await command.end(within: .seconds(10)).status == 0)
  }

  @Test("files that cannot be used are refused at the start, with what would be right")
  func wrongFiles() async throws {
    let (files, others) = (try await TestCertificate(), try await TestCertificate())
    for (certificate, key, message) in [
      ("/nowhere.pem", files.key, "--tls-certificate /nowhere.pem cannot be read: No such file"),
      (files.certificate, "/nowhere.pem", "--tls-key /nowhere.pem cannot be read"),
      (files.key, files.key, "is no certificate: expected a PEM file"),
      (files.certificate, files.certificate, "is no private key, or has a password"),
      (files.certificate, others.key, "is not the key of --tls-certificate"),
    ] {
      let ended = try await Command.run("serve", "--port", "0", "--tls-certificate", certificate, "--tls-key", key)
      #expect(ended.status == 2 && ended.errors.contains(message), "\(ended.errors)")
    }
    let half = try await Command.run("serve", "--port", "0", "--tls-key", files.key)
    #expect(half.status == 2 && half.errors.contains("--tls-key needs --tls-certificate"))
  }
}
