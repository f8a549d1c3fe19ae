import CSherpaOnnx
import CallCore
import CallDriver
import Glibc

/// Moonshine tiny, English, through sherpa-onnx. Safe to share by threads (160 decodes on 8 threads agreed).
final class MoonshineRecognizer: SpeechRecognizer {
  /// Safe to share: opened once, never changed, and the recogniser keeps nothing between utterances.
  private nonisolated(unsafe) let library: OpaquePointer
  private nonisolated(unsafe) let recognizer: OpaquePointer

  /// - Throws: `.modelUnavailable` with the first path that is missing, or with the folder of the model when sherpa-onnx
  ///   refuses it (its reason goes to standard error).
  init(folder: EngineFolder) throws(EngineError) {
    for path in [folder.moonshineEncoder, folder.moonshineDecoder, folder.moonshineTokens]
    where access(path, R_OK) != 0 { throw .modelUnavailable(path: path) }
    guard let library = sherpa_open(folder.sherpaLibrary) else { throw .modelUnavailable(path: folder.sherpaLibrary) }
    guard
      let recognizer = sherpa_load_moonshine(
        library, folder.moonshineEncoder, folder.moonshineDecoder, folder.moonshineTokens)
    else { throw .modelUnavailable(path: folder.moonshine) }
    self.library = library
    self.recognizer = recognizer
  }

  deinit { sherpa_unload(library, recognizer) }

  /// Turns longer than `SegmentSplitter.samplesMax` are recognised in parts.
  func transcribe(_ turn: [Int16]) throws(EngineError) -> String {
    var words: [String] = []
    for part in SegmentSplitter.split(turn) {
      let text = try believable(turn[part])
      // The model writes `♪♪♪` for digital silence. What it makes of noise ("You") only a detector in front of it can stop.
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
    guard let text = sherpa_transcribe(library, recognizer, 16000, samples, Int32(samples.count)) else {
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
