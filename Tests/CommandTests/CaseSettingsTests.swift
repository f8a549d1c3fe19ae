import JSON
import Foundation
import Testing

@Suite("Settings of test cases")
struct CaseSettingsTests {
  @Test("VOICEFORGE_CASES names the cases that simulate runs and serve offers, in the environment or in .env")
  func cases() async throws {
    let folder = try Scratch()
    try FileManager.default.createDirectory(atPath: folder.file("mine"), withIntermediateDirectories: false)
    _ = try folder.write("flow: appointment\nturns:\n  - hang-up: true\n", to: "mine/short.yaml")
    let setting = ["VOICEFORGE_CASES": folder.file("mine")]
    for names in [[], ["short"]] {
      let ended = try await Command(
        ["simulate", "--text", "--json"] + names, environment: setting, folder: folder
      ).end(within: .seconds(20))
      #expect(ended.status == 0, "\(ended)")
      #expect(try JSONValue(parsing: ended.output).list("cases").map { $0.text(at: "id") } == ["short"])
    }
    _ = try folder.write("VOICEFORGE_CASES=mine\n", to: ".env")
    let ended = try await Command(["simulate", "short", "--text"], folder: folder).end(within: .seconds(20))
    #expect(ended.status == 0, "\(ended)")

    let server = try await RunningServer(environment: setting)
    let offered = try server.get("/testcases")
    #expect(offered.status == 200 && offered.body.contains("\"test_id\":\"short\""))
    #expect(!offered.body.contains("appointment_booking"))
    #expect(try await server.stop().status == 0)
  }

  @Test("a folder that is not there is named with its setting: 2", arguments: ["simulate", "serve"])
  func noFolder(command: String) async throws {
    for name in ["/nowhere", "nowhere"] {
      let ended = try await Command(
        [command], environment: ["VOICEFORGE_CASES": name, "VOICEFORGE_PORT": "\(HeldPort.free())"]
      ).end(within: .seconds(20))
      #expect(ended.status == 2)
      #expect(ended.errors.contains("there is no folder \(name) of test cases; correct VOICEFORGE_CASES"), "\(ended)")
    }
  }

  @Test("a fault in a folder of test cases that was named stops the server's start, and is told with file and line")
  func faultyCases() async throws {
    let folder = try Scratch()
    _ = try folder.write("flow: appointment\nturns:\n  - sey: Hello.\n", to: "greeting.yaml")
    let ended = try await Command.run("serve", "--port", "0", environment: ["VOICEFORGE_CASES": folder.path])
    #expect(ended.status == 2)
    #expect(ended.errors.contains("greeting.yaml:3:5: `sey` means nothing in turn 1"), "\(ended.errors)")
  }

  @Test("the sample cases are offered from the start; of those that call flows that are not here, none")
  func sampleCases() async throws {
    let server = try await RunningServer()
    #expect(try server.get("/testcases").body.contains("\"test_id\":\"appointment_booking\""))
    let folder = try Scratch()
    _ = try folder.write("states:\n  bye: {end: over, say: Goodbye.}\n", to: "short.yaml")
    let other = try await RunningServer(["--flows", folder.path])
    #expect(try other.get("/testcases").body.hasSuffix("\r\n\r\n[]"))
  }

  @Test("MAX_TRANSCRIPT_SIZE bounds the transcript of a run over REST")
  func transcript() async throws {
    let order = #"{"test_id": "appointment_booking", "sound": false}"#
    for (environment, isBounded) in [(["MAX_TRANSCRIPT_SIZE": "2"], true), ([:], false)] {
      let server = try await RunningServer(environment: environment)
      let run = try server.post("/test/run", order)
      #expect(run.status == 200, "\(run)")
      let id = try #require(run.body.firstMatch(of: /"run_id":"([^"]+)"/)?.1)
      let entries = try server.get("/testruns/\(id)").body.ranges(of: "\"speaker\":").count
      #expect(isBounded ? entries == 2 : entries > 5, "\(entries)")
      #expect(try await server.stop().status == 0)
    }
    let ended = try await Command.run(
      "serve", "--port", "0", environment: ["MAX_TRANSCRIPT_SIZE": "0"])
    #expect(ended.status == 2 && ended.errors.contains("expected 1 to 1000000, got \"0\""), "\(ended.errors)")
  }
}
