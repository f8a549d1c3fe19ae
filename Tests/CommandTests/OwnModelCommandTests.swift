import Foundation
import JSON
import Testing

/// What the commands and the server do with models and voices of one's own.
@Suite("Models of one's own, by command")
struct OwnModelCommandTests {
  private static let engines =
    VoiceForgeBinary.environment["VOICEFORGE_ENGINES"]
    ?? "\(VoiceForgeBinary.environment["HOME"] ?? "/root")/.cache/voiceforge/engines"

  /// A folder of models: `german` is Moonshine, which writes `bitte` for `please`; `broken` is cut short; `wrong` is described wrongly.
  private static func models(in scratch: Scratch) throws -> String {
    let tokens = try String(contentsOfFile: "\(engines)/moonshine/tokens.txt", encoding: .utf8)
    for name in ["german", "broken", "wrong"] {
      try FileManager.default.createDirectory(atPath: scratch.file(name), withIntermediateDirectories: true)
      _ = try scratch.write(tokens.replacing("IHBsZWFzZQ== ", with: "IGJpdHRl "), to: "\(name)/tokens.txt")
      _ = try scratch.write(description(hasLanguages: name != "wrong"), to: "\(name)/model.yaml")
      for file in ["encoder_model.ort", "decoder_model_merged.ort"] {
        let model = try Data(contentsOf: URL(filePath: "\(engines)/moonshine/\(file)"))
        try model.prefix(name == "german" ? model.count : 100_000).write(
          to: URL(filePath: scratch.file("\(name)/\(file)")))
      }
    }
    for (name, description) in unusable {
      try FileManager.default.createDirectory(atPath: scratch.file(name), withIntermediateDirectories: true)
      _ = try scratch.write(description, to: "\(name)/model.yaml")
      _ = try scratch.write("no model", to: "\(name)/model.onnx")
      _ = try scratch.write("<blk> 0\na 1\n", to: "\(name)/tokens.txt")
    }
    return scratch.path
  }

  /// One of each kind whose file is no model.
  private static let unusable = [
    "alike": "kind: speaker-embedding\nfamily: wespeaker\nfiles: {model: model.onnx}",
    "quiet": "kind: denoiser\nfamily: gtcrn\nfiles: {model: model.onnx}",
    "stream":
      "kind: streaming-recognizer\nfamily: nemo-ctc\nfiles: {model: model.onnx, tokens: tokens.txt}\nlanguages: [de]",
    "talk": "kind: synthesizer\nfamily: vits\nfiles: {model: model.onnx, tokens: tokens.txt}\nlanguages: [en]",
    "turns": "kind: turn-detector\nfamily: smart-turn\nfiles: {model: model.onnx}",
  ]

  private static func description(hasLanguages: Bool) -> String {
    """
    kind: recognizer
    family: moonshine
    files: {encoder: encoder_model.ort, merged-decoder: decoder_model_merged.ort, tokens: tokens.txt}
    \(hasLanguages ? "languages: [de]" : "language: de")
    """
  }

  /// A folder of voices: `fenrir` is a copy of `heart`, `kore` is none.
  private static func voices(in scratch: Scratch) throws -> String {
    let heart = try Data(contentsOf: URL(filePath: "\(engines)/hibari/hibari.onnx"))
    try heart.write(to: URL(filePath: scratch.file("fenrir.onnx")))
    _ = try scratch.write("no model", to: "kore.onnx")
    return scratch.path
  }

  @Test("doctor says of each whether it can be used, and why not")
  func doctor() async throws {
    let (models, voices) = (try Scratch(), try Scratch())
    let environment = [
      "VOICEFORGE_MODELS": try Self.models(in: models), "VOICEFORGE_VOICES": try Self.voices(in: voices),
    ]
    let ended = try await Command.run("doctor", environment: environment, within: .seconds(60))
    #expect(ended.status == 0, "\(ended.output)")
    for line in [
      "✓ german  can be used", "✓ fenrir  can be used", "! kore ", "\(voices.path)/kore.onnx cannot be loaded",
      "! broken ", "model verification failed",
      "\(models.path)/wrong/model.yaml:4:1: `language` means nothing in model `wrong`; did you mean `languages`?",
      "\(models.path)/wrong/model.yaml:1:1: model `wrong` has no `languages`",
    ] + Self.unusable.keys.map({ "! \($0) " }) { #expect(ended.output.contains(line), "\(line)\n\(ended.output)") }
  }

  @Test("a voice that was dropped in speaks, and a recording goes to the model of its language")
  func commands() async throws {
    let (models, voices, scratch) = (try Scratch(), try Scratch(), try Scratch())
    let environment = [
      "VOICEFORGE_MODELS": try Self.models(in: models), "VOICEFORGE_VOICES": try Self.voices(in: voices),
    ]
    let said = try await Command.run(
      "say", "Hello, would you please hold the line?", "--voice", "fenrir", "--output", scratch.file("a.wav"),
      environment: environment, within: .seconds(60))
    #expect(said.status == 0, "\(said.errors)")
    #expect(said.errors.contains("voiceforge: model broken is not used: "), "\(said.errors)")
    for (language, word) in [("de", "bitte"), ("en", "please")] {
      let heard = try await Command.run(
        "transcribe", "--language", language, scratch.file("a.wav"), environment: environment, within: .seconds(60))
      #expect(heard.output.contains(word), "\(heard.output)")
    }
  }

  @Test("a server survives broken ones, says why, lists the voice, and a flow's language chooses the recogniser")
  func serve() async throws {
    let (models, voices, scratch) = (try Scratch(), try Scratch(), try Scratch())
    for (name, language) in [("deutsch", "de"), ("english", "en")] {
      _ = try scratch.write(
        """
        language: \(language)
        voice: fenrir
        states:
          ask:
            collect: order
            as: text
            ask: Speak.
            next: done
          done: {end: done, say: Goodbye.}
        """, to: "\(name).yaml")
    }
    let server = try await RunningServer([
      "--models", Self.models(in: models), "--voices", Self.voices(in: voices), "--flows", scratch.path,
    ])
    try await server.command.wait(.seconds(60), for: "readiness") {
      let ready = try server.get("/readyz")
      return ready.status == 200 && !ready.body.contains(#""state":"loading""#) ? true : nil
    }
    let ready = try server.get("/readyz").body
    #expect(ready.contains(#""name":"model:german","state":"ready""#), "\(ready)")
    for name in ["broken", "wrong", "kore"] + Self.unusable.keys {
      #expect(ready.contains(#""name":"model:\#(name)","state":"failed""#), "\(ready)")
    }
    #expect(!ready.contains(models.path) && !ready.contains(voices.path), "\(ready)")
    #expect(server.command.errors.contains("model wrong is not used: "), "\(server.command.errors)")
    #expect(try server.get("/api/voices/fenrir").status == 200)
    #expect(try server.get("/api/voices/kore").status == 404)
    for (flow, word) in [("deutsch", "bitte"), ("english", "please")] {
      let call = try await Command.run(
        "call", "--target", server.callURL, "--flow", flow, "--voice", "fenrir",
        "--say", "Hello, would you please hold the line?", within: .seconds(60))
      #expect(call.output.contains(word), "\(flow): \(call.output)\(call.errors)")
    }
    #expect(try await server.stop().status == 0)
  }

  @Test("a pipe in place of a description holds nothing up, and files with the names of the usual folders stop nothing")
  func noFolders() async throws {
    let scratch = try Scratch()
    _ = try scratch.write("", to: "models")
    _ = try scratch.write("", to: "voices")
    let usual = try await Command(["voices"], folder: scratch).end(within: .seconds(60))
    #expect(usual.status == 0 && usual.output.contains("heart"), "\(usual)")
    let own = try Scratch()
    try FileManager.default.createDirectory(atPath: own.file("pipe"), withIntermediateDirectories: true)
    _ = try await Command.shell("mkfifo '\(own.file("pipe/model.yaml"))'")
    let ended = try await Command.run("voices", environment: ["VOICEFORGE_MODELS": own.path], within: .seconds(60))
    #expect(
      ended.status == 0 && ended.errors.contains("no file that can be read: write a description into it"), "\(ended)")
  }

  @Test("a folder that is named and not there is an error that says what to do")
  func absentFolder() async throws {
    for (variable, option) in [("VOICEFORGE_MODELS", "--models"), ("VOICEFORGE_VOICES", "--voices")] {
      let ended = try await Command.run("voices", environment: [variable: "/nonexistent/folder"])
      #expect(ended.status == 2 && ended.errors.contains("name another with \(option) or \(variable)"), "\(ended)")
    }
  }
}
