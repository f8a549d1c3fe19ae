import CallCore
import Formats
import Testing

@Suite("Descriptions of models")
struct ModelFileTests {
  /// Every path is a file but those with `absent` in their names.
  private func read(_ text: String, name: String = "mine") -> Result<ModelDescription, FileFaults> {
    ModelFile.read(text, file: "mine/model.yaml", name: name, folder: "/models/mine") { !$0.contains("absent") }
  }

  @Test("everything that a recogniser may have")
  func recognizer() throws {
    let model = try read(
      """
      kind: recognizer
      family: whisper   # comments are left out
      files:
        encoder: small-encoder.int8.onnx
        decoder: parts/small-decoder.int8.onnx
        tokens: small-tokens.txt
      languages: [de, pt-BR]
      sample-rate: 16000
      segment-max: 25s
      threads: 2
      model-type: whisper
      """
    ).get()
    #expect(model.name == "mine" && model.kind == .recognizer && model.family.id == "whisper")
    #expect(
      model.files == [
        "encoder": "/models/mine/small-encoder.int8.onnx", "decoder": "/models/mine/parts/small-decoder.int8.onnx",
        "tokens": "/models/mine/small-tokens.txt",
      ])
    #expect(model.languages == ["de", "pt-BR"] && model.sampleRate == 16_000 && model.threads == 2)
    #expect(model.segmentMax == .seconds(25) && model.modelType == "whisper" && model.phonemes == nil)
  }

  @Test("everything that a synthesiser may have, and what is used where nothing is said")
  func synthesizer() throws {
    let model = try read(
      """
      kind: synthesizer
      family: vits
      files: {model: joe.onnx, tokens: tokens.txt}
      languages: en-US
      phonemes: en-us
      title: Joe
      gender: male
      description: A calm man.
      """
    ).get()
    #expect(model.languages == ["en-US"] && model.phonemes == "en-us" && model.sampleRate == nil)
    #expect(model.speaker.title == "Joe" && model.speaker.gender == "male")
    #expect(model.speaker.description == "A calm man." && model.threads == 1)
    let turns = try read("kind: turn-detector\nfamily: smart-turn\nfiles: {model: m.onnx}").get()
    #expect(turns.kind == .turnDetector && turns.languages.isEmpty)
  }

  @Test("either list of files of a family is enough")
  func fileSets() throws {
    let old = "preprocessor: p, encoder: e, uncached-decoder: u, cached-decoder: c, tokens: t"
    for files in [old, "encoder: e, merged-decoder: m, tokens: t"] {
      _ = try read("kind: recognizer\nfamily: moonshine\nfiles: {\(files)}\nlanguages: en").get()
    }
  }

  @Test("streaming recognisers have languages; denoisers and speaker embeddings have none")
  func otherKinds() throws {
    let streaming = try read(
      """
      kind: streaming-recognizer
      family: transducer
      files: {encoder: e, decoder: d, joiner: j, tokens: t}
      languages: [en, de]
      sample-rate: 8000
      threads: 2
      model-type: zipformer2
      """
    ).get()
    #expect(streaming.kind == .streamingRecognizer && streaming.languages == ["en", "de"])
    #expect(streaming.sampleRate == 8000 && streaming.threads == 2 && streaming.modelType == "zipformer2")
    for (kind, family) in [("denoiser", "gtcrn"), ("denoiser", "dpdfnet"), ("speaker-embedding", "voicefilter-lite")] {
      let model = try read("kind: \(kind)\nfamily: \(family)\nfiles: {model: m}\nthreads: 2").get()
      #expect(model.kind.rawValue == kind && model.languages.isEmpty && model.files == ["model": "/models/mine/m"])
    }
  }

  private static func description(_ family: String, _ files: String, languages: String? = "[en]") -> String {
    let description = "kind: recognizer\nfamily: \(family)\nfiles: {\(files)}\n"
    return description + (languages.map { "languages: \($0)\n" } ?? "")
  }

  private static let whole = description("sense-voice", "model: m, tokens: t")

  static let wrong: [FileFaultCase] = [
    FileFaultCase(.missingKey, line: 1, says: "the file is empty", ""),
    FileFaultCase(.wrongType, line: 1, says: "must be a mapping", "- a"),
    FileFaultCase(.brokenYAML, line: 2, says: "not YAML", "kind: recognizer\n\tfamily: x"),
    FileFaultCase(.missingKey, line: 1, says: "has no `kind`", "family: vits"),
    FileFaultCase(.wrongType, line: 1, says: "did you mean `recognizer`", "kind: recogniser"),
    FileFaultCase(
      .contradiction, line: 2, says: "is `whisper`, a recognizer and no streaming-recognizer",
      "kind: streaming-recognizer\nfamily: whisper"),
    FileFaultCase(.wrongType, line: 2, says: "did you mean `gtcrn`", "kind: denoiser\nfamily: gtrcn"),
    FileFaultCase(
      .missingKey, line: 1, says: "has no `languages`",
      "kind: streaming-recognizer\nfamily: nemo-ctc\nfiles: {model: m, tokens: t}"),
    FileFaultCase(
      .unknownKey, line: 4, says: "means nothing for a denoiser",
      "kind: denoiser\nfamily: gtcrn\nfiles: {model: m}\nlanguages: [en]"),
    FileFaultCase(
      .unknownKey, line: 4, says: "means nothing for a speaker embedding",
      "kind: speaker-embedding\nfamily: wespeaker\nfiles: {model: m}\nsample-rate: 16000"),
    FileFaultCase(.missingKey, line: 1, says: "has no `family`", "kind: recognizer"),
    FileFaultCase(.wrongType, line: 2, says: "did you mean `whisper`", "kind: recognizer\nfamily: wisper"),
    FileFaultCase(.wrongType, line: 2, says: "one of vits, matcha", "kind: synthesizer\nfamily: pocket"),
    FileFaultCase(
      .contradiction, line: 2, says: "is `vits`, a synthesizer and no recognizer", "kind: recognizer\nfamily: vits"),
    FileFaultCase(
      .missingKey, line: 1, says: "has no `files`", "kind: recognizer\nfamily: whisper\nlanguages: en"),
    FileFaultCase(
      .missingKey, line: 3, says: "has no decoder, tokens: a whisper model needs it",
      description("whisper", "encoder: e")),
    FileFaultCase(
      .unknownKey, line: 3, says: "did you mean `decoder`",
      description("whisper", "encoder: e, decodr: d, tokens: t")),
    FileFaultCase(
      .missingFile, line: 3, says: "there is no file /models/mine/absent.onnx",
      description("sense-voice", "model: absent.onnx, tokens: t")),
    FileFaultCase(
      .badName, line: 3, says: "within the model's folder",
      description("sense-voice", "model: /etc/passwd, tokens: t")),
    FileFaultCase(
      .badName, line: 3, says: "without ..",
      description("sense-voice", "model: a/../../b, tokens: t")),
    FileFaultCase(
      .missingKey, line: 1, says: "has no `languages`",
      description("sense-voice", "model: m, tokens: t", languages: nil)),
    FileFaultCase(
      .wrongType, line: 4, says: "not `german!`",
      description("sense-voice", "model: m, tokens: t", languages: "[de, german!]")),
    FileFaultCase(.outOfLimits, line: 5, says: "8000 to 48000", whole + "sample-rate: 4000"),
    FileFaultCase(.outOfLimits, line: 5, says: "2000 ms to 30000 ms", whole + "segment-max: 60s"),
    FileFaultCase(.outOfLimits, line: 5, says: "1 to 8", whole + "threads: 64"),
    FileFaultCase(.unknownKey, line: 5, says: "means nothing for a recognizer", whole + "gender: male"),
    FileFaultCase(.unknownKey, line: 5, says: "did you mean `threads`", whole + "thread: 2"),
    FileFaultCase(
      .unknownKey, line: 5, says: "means nothing for a hibari voice",
      "kind: synthesizer\nfamily: hibari\nfiles: {model: m}\nlanguages: en\nphonemes: en-us"),
    FileFaultCase(.outOfLimits, line: 1, says: "bytes; at most", String(repeating: "#", count: 65_537)),
  ]

  @Test("what is wrong is told with its line", arguments: wrong)
  func fault(wrong: FileFaultCase) throws {
    guard case .failure(let faults) = read(wrong.text) else {
      Issue.record("it was read")
      return
    }
    let fault = faults.faults.first { $0.kind == wrong.kind && $0.line == wrong.line }
    #expect(fault?.message.contains(wrong.says) == true, "\(faults)")
  }

  @Test("the folder's name is the model's", arguments: ["My Model", "-x", "", "ä", String(repeating: "a", count: 41)])
  func names(name: String) {
    guard case .failure(let faults) = read(Self.whole, name: name) else {
      Issue.record("\(name) was taken")
      return
    }
    #expect(faults.faults.first?.kind == .badName, "\(faults)")
  }
}
