import JSON
import Testing

@Suite("doctor")
struct DoctorTests {
  @Test("everything is here")
  func fine() async throws {
    let port = "\(HeldPort.free())"
    let ended = try await Command.run("doctor", "--json", environment: ["VOICEFORGE_PORT": port])
    #expect(ended.status == 0)
    let report = try JSONValue(parsing: ended.output)
    #expect(report["ok"] == .bool(true))
    for check in Self.checks(of: report) {
      #expect(check.text(at: "state") == "fine", "\(check)")
    }
  }

  @Test("an empty engine folder: every missing file, and what to do")
  func noEngines() async throws {
    let scratch = try Scratch()
    let ended = try await Command.run("doctor", "--json", environment: ["VOICEFORGE_ENGINES": scratch.path])
    #expect(ended.status == 1)
    let report = try JSONValue(parsing: ended.output)
    #expect(report["ok"] == .bool(false))
    let missing = Self.checks(of: report).filter { $0.text(at: "state") == "missing" }
    for file in [
      "lib/libonnxruntime.so", "lib/libsherpa-onnx-c-api.so", "moonshine/encoder_model.ort",
      "moonshine/decoder_model_merged.ort", "moonshine/tokens.txt", "hibari/hibari.onnx", "hibari/vocab.json",
      "silero/silero_vad_16k_op15.onnx",
    ] {
      let check = missing.first { $0.text(at: "path") == scratch.file(file) }
      #expect(check?.text(at: "remedy") == "make setup", "\(file)")
    }
    // A call can do without them: worth knowing, and no fault.
    let notes = Self.checks(of: report).filter { $0.text(at: "state") == "note" }
    for file in ["minilm/model.onnx", "minilm/vocab.txt", "smart-turn/smart-turn-v3.2-cpu.onnx"] {
      #expect(notes.first { $0.text(at: "path") == scratch.file(file) }?.text(at: "remedy") == "make setup", "\(file)")
    }
    for name in ["Intents by meaning", "Ends of turns by meaning"] {
      #expect(notes.contains { $0.text(at: "name") == name }, "\(name)")
    }
    let text = try await Command.run("doctor", environment: ["VOICEFORGE_ENGINES": scratch.path])
    #expect(text.status == 1)
    #expect(text.output.contains("✗ hibari model") && text.output.contains("→ make setup"))
  }

  @Test("a broken flow file: its fault with its line")
  func brokenFlow() async throws {
    let scratch = try Scratch()
    let file = try scratch.write(
      "title: Nothing\nstates:\n  a:\n    say: Hello.\n    next: nowhere\n", to: "broken.yaml")
    let ended = try await Command.run("doctor", environment: ["VOICEFORGE_FLOWS": scratch.path])
    #expect(ended.status == 1)
    #expect(ended.output.contains("\(file):5:"), "\(ended.output)")
  }

  @Test("a port that another program has is worth knowing, and no fault")
  func usedPort() async throws {
    let held = HeldPort()
    let ended = try await Command.run("doctor", environment: ["VOICEFORGE_PORT": "\(held.port)"])
    #expect(ended.status == 0)
    #expect(ended.output.contains("! Port \(held.port)") && ended.output.contains("→ voiceforge serve --port"))
  }

  private static func checks(of report: JSONValue) -> [JSONValue] {
    guard case .array(let sections)? = report["sections"] else { return [] }
    return sections.flatMap { section -> [JSONValue] in
      if case .array(let checks)? = section["checks"] { checks } else { [] }
    }
  }
}
