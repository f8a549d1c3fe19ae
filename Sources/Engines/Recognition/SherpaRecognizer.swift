import CSherpaOnnx
import CallCore
import CallDriver
import Glibc

/// A model that turns whole turns into text, through sherpa-onnx: the built-in Moonshine tiny, or one that an operator brought along. Safe to
/// share by threads (160 decodes on 8 threads agreed).
final class SherpaRecognizer: SpeechRecognizer {
  /// Safe to share: opened once, never changed, and the recogniser keeps nothing between utterances.
  private nonisolated(unsafe) let library: OpaquePointer
  private nonisolated(unsafe) let recognizer: OpaquePointer
  private let segmentMax: Int
  private let isChecked: Bool

  /// What turns are recorded at; the library converts it to the model's rate.
  private static let sampleRate = 16_000

  /// - Throws: `.modelUnavailable` with the first path that is missing, or with the folder of the model when sherpa-onnx
  ///   refuses it (its reason goes to standard error).
  init(_ model: ModelDescription, library path: String) throws(EngineError) {
    try model.checkFiles()
    guard let library = sherpa_open(path) else { throw .modelUnavailable(path: path) }
    let rate = Int32(model.sampleRate ?? Self.sampleRate)
    let loaded = SherpaFields(model).withFields { sherpa_load_recognizer(library, $0, $1, rate, Int32(model.threads)) }
    guard let loaded else { throw .modelUnavailable(path: model.folder) }
    self.library = library
    recognizer = loaded
    segmentMax = Int(model.segmentMax.milliseconds) * Self.sampleRate / 1000
    isChecked = model.family.repeatsItself
  }

  deinit { sherpa_unload_recognizer(library, recognizer) }

  /// Turns longer than the model's longest piece are recognised in parts.
  func transcribe(_ turn: [Int16]) throws(EngineError) -> String {
    var words: [String] = []
    for part in SegmentSplitter.split(turn, samplesMax: segmentMax) {
      let text = isChecked ? try believable(turn[part]) : try transcribe(part: turn[part])
      // Moonshine writes `♪♪♪` for digital silence. What it makes of noise ("You") only a detector in front of it can stop.
      if text.contains(where: { $0.isLetter || $0.isNumber }) { words.append(text) }
    }
    return words.joined(separator: " ")
  }

  /// Silence that is put around what was not believed, in samples: 0.2 s, then 0.5 s. The model goes round in circles mostly where the
  /// sound begins and ends with speech: of the 134 that `TranscriptCheck` did not believe among its 750 recordings, 9 were right as they
  /// stood; 124 were believed with the first margin and 4 with the second, 63 of them right.
  private static let margins = [3200, 8000]

  /// What was said, or nothing where the model only repeats itself: recognised again in silence as often as there are `margins`.
  /// What is hasty stands where nothing else is heard.
  private func believable(_ part: ArraySlice<Int16>) throws(EngineError) -> String {
    var doubted = ""
    for margin in [0] + Self.margins {
      let silence = [Int16](repeating: 0, count: margin)
      let text = try transcribe(part: margin == 0 ? part : (silence + part + silence)[...])
      guard TranscriptCheck.isBelievable(text, of: part) else { continue }
      guard TranscriptCheck.isHasty(text, of: part) else { return text }
      if doubted.isEmpty { doubted = text }
    }
    return doubted
  }

  private func transcribe(part: ArraySlice<Int16>) throws(EngineError) -> String {
    let samples = part.map { Float($0) / 32768 }
    guard let text = sherpa_transcribe(library, recognizer, Int32(Self.sampleRate), samples, Int32(samples.count))
    else {
      throw .library(function: "SherpaOnnxGetOfflineStreamResult", code: 0)
    }
    defer { free(text) }
    return trimmed(String(cString: text))
  }

  private func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { String(start[...$0]) } ?? ""
  }
}

extension ModelDescription {
  /// The built-in recogniser: Moonshine tiny, English.
  static func moonshine(in folder: EngineFolder) -> ModelDescription {
    guard let family = ModelFamily.named("moonshine", .recognizer) else { preconditionFailure("it is in the table") }
    return ModelDescription(
      name: "moonshine", kind: .recognizer, family: family,
      files: [
        "encoder": folder.moonshineEncoder, "merged-decoder": folder.moonshineDecoder, "tokens": folder.moonshineTokens,
      ], languages: ["en"])
  }
}
