import Foundation
import JSON
import Testing

@Suite("call --trace, serve --trace-dir, replay")
struct TraceCommandTests {
  private static func freePort() -> [String: String] { ["VOICEFORGE_PORT": "\(HeldPort.free())"] }
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Golden/interrupt-at-800ms.jsonl").standardizedFileURL.path()

  /// A folder with a flow that says little, so that a call takes two seconds.
  private func briefFlow() throws -> Scratch {
    let folder = try Scratch()
    _ = try folder.write(
      """
      states:
        ask: {collect: words, as: text, ask: [Yes?, What else?], intents: {over: {hear: goodbye, next: bye}}, next: ask}
        bye: {end: heard, say: Bye.}
      """, to: "brief.yaml")
    return folder
  }

  private func lines(of file: String) throws -> [String] {
    try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test("a traced call is replayed to 0; a changed action is told with its line, expected and got, to 1")
  func callAndReplay() async throws {
    let scratch = try Scratch()
    let file = scratch.file("call.jsonl")
    let ended = try await Command.run(
      "call", "--type", "hours please", "--interrupt", "500", "--keys", "1", "--trace", file,
      environment: Self.freePort(), within: .seconds(60))
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.errors.contains("A server that writes the trace is started") && ended.errors.contains("Traced into"))
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600, "what was said is for its owner")

    let same = try await Command.run("replay", file)
    #expect(same.status == 0, "\(same.output) \(same.errors)")
    #expect(same.output.contains("flow appointment, gave the same") && same.errors.isEmpty)

    var lines = try lines(of: file)
    let index = try #require(lines.firstIndex { $0.contains("\"event\":\"typed\"") })
    lines[index] = lines[index].replacing("\"action\":\"speak\"", with: "\"action\":\"close-turn\",\"turn\":1")
    let other = try scratch.write(lines.joined(separator: "\n") + "\n", to: "other.jsonl")
    let differs = try await Command.run("replay", other)
    #expect(differs.status == 1)
    for part in ["line \(index + 1): other actions at", "event     {\"event\":\"typed\"", "expected  ", "got  "] {
      #expect(differs.output.contains(part), "\(part) in \(differs.output)")
    }
    let document = try JSONValue(parsing: try await Command.run("replay", other, "--json").output)
    #expect(document.text(at: "difference.line") == "\(index + 1)")
  }

  @Test("what is no whole trace is told by its line, and ends with 2")
  func badInput() async throws {
    let scratch = try Scratch()
    let lines = try lines(of: Self.golden)
    func file(_ lines: some Sequence<String>) throws -> String {
      try scratch.write(lines.map { $0 + "\n" }.joined(), to: "t.jsonl")
    }
    for (lines, message) in [
      (Array(lines.dropLast()), "line \(lines.count): the trace is cut"),
      ([lines[0], "{\"atUs\":1,\"event\":\"sneeze\"}"], "line 2: event: expected one of"),
      ([lines[0].replacing("\"trace\":1", with: "\"trace\":9")], "line 1: the trace has format 9"),
      (["hello"], "line 1: is not JSON"),
    ] {
      let ended = try await Command.run("replay", try file(lines))
      #expect(ended.status == 2 && ended.output.isEmpty)
      #expect(ended.errors.hasPrefix("voiceforge: ") && ended.errors.contains(message), "\(ended.errors)")
    }
    #expect(try await Command.run("replay", "missing.jsonl").status == 2)
    #expect(try await Command.run("replay", Self.golden).status == 0)
  }

  @Test("a disk that is full is told once, the call goes on, and the command says that it has no trace")
  func fullDisk() async throws {
    let flows = try briefFlow()
    let ended = try await Command.run(
      "call", "--type", "goodbye", "--flow", "brief", "--flows", flows.path, "--trace", "/dev/full",
      environment: Self.freePort(), within: .seconds(60))
    #expect(ended.status == 1)
    #expect(ended.output.contains("(typed) goodbye") && ended.output.contains("ended"))
    #expect(ended.errors.contains("/dev/full: No space left on device"), "\(ended.errors)")
    let scratch = try Scratch()
    #expect(mkfifo(scratch.file("pipe"), 0o600) == 0)
    let pipe = try await Command.run("call", "--type", "hi", "--trace", scratch.file("pipe"))
    #expect(pipe.status != 0, "a pipe that nobody reads is not waited for: \(pipe.errors)")
    let early = try await Command.run("call", "--type", "hi", "--trace", "/nowhere/t.jsonl")
    #expect(early.status == 2 && early.errors.contains("cannot write /nowhere/t.jsonl"))
    let remote = try await Command.run("call", "--type", "hi", "--target", "ws://127.0.0.1:1", "--trace", "t.jsonl")
    #expect(remote.status == 2 && remote.errors.contains("voiceforge serve --trace-dir"))
  }

  @Test("a server traces each call into its folder; once the folder is gone that is told once, and calls go on")
  func traceFolder() async throws {
    let scratch = try Scratch()
    let folder = scratch.file("traces")
    let flows = try briefFlow()
    let server = try await RunningServer(["--trace-dir", folder, "--flows", flows.path])
    func call() async throws {
      let ended = try await Command.run(
        "call", "--target", server.url, "--flow", "brief", "--type", "goodbye", within: .seconds(60))
      #expect(ended.status == 0, "\(ended.errors)")
    }
    try await call()
    let file = try await server.command.wait(.seconds(10), for: "the trace") { () -> String? in
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      return try names.first { try lines(of: "\(folder)/\($0)").last?.contains("\"end\"") == true }
    }
    let replayed = try await Command.run("replay", "\(folder)/\(file)", "--flows", flows.path)
    #expect(replayed.status == 0, "\(replayed.errors)")
    try FileManager.default.removeItem(atPath: folder)
    for _ in 0..<2 { try await call() }
    let ended = try await server.stop()
    #expect(ended.status == 0)
    #expect(ended.errors.components(separatedBy: "traces cannot be written, and calls go on without").count == 2)
    let notFolder = try scratch.write("", to: "file")
    let refused = try await Command.run("serve", "--port", "0", "--trace-dir", notFolder)
    #expect(refused.status == 2 && refused.errors.contains("is not a folder"))
  }

  @Test("VOICEFORGE_LOG_LEVEL=debug tells each event with the call's id, and what was typed only where it is asked for")
  func log() async throws {
    let flows = try briefFlow()
    for (words, isShown) in [("", false), ("true", true)] {
      let server = try await RunningServer(
        ["--flows", flows.path], environment: ["VOICEFORGE_LOG_LEVEL": "debug", "VOICEFORGE_LOG_WORDS": words])
      let call = try await Command.run(
        "call", "--target", server.url, "--flow", "brief", "--type", "hours please", "--keys", "1", within: .seconds(60)
      )
      #expect(call.status == 0, "\(call.errors)")
      let ended = try await server.stop()
      let lines = ended.errors.split(separator: "\n").filter { $0.contains(" call=") }
      let ids = Set(lines.compactMap { $0.firstMatch(of: /call=([0-9a-f-]{36})/).map { String($0.1) } })
      #expect(ids.count == 1)
      for word in ["began", "typed", "key-pressed", "playout-started", "hung-up"] {
        #expect(lines.contains { $0.contains(" s \(word)") }, "\(word) in \(ended.errors)")
      }
      #expect(!lines.contains { ($0.contains(" s tick") || $0.contains("speech-window")) && !$0.contains("→") })
      #expect(ended.errors.contains("hours please") == isShown && ended.errors.contains("key-pressed 1") == isShown)
    }
    let wrong = try await Command.run("serve", environment: ["VOICEFORGE_LOG_LEVEL": "loud"])
    #expect(wrong.status == 2 && wrong.errors.contains("expected one of trace, debug, info"))
  }
}
