import CSherpaOnnx
import CallCore
import CallDriver
import Glibc

/// Moonshine tiny, English, through sherpa-onnx. Safe to share by threads (160 decodes on 8 threads agreed).
final class MoonshineRecognizer: SpeechRecognizer {
  /// Safe to share: opened once, never changed, and the recogniser keeps nothing between utterances.
  private nonisolated(unsafe) let library: OpaquePointer
  private nonisolated(unsafe) let recognizer: OpaquePointer

  /// - Throws: `.modelUnavailable` with the first path that cannot be loaded.
  init(folder: EngineFolder) throws(EngineError) {
    for path in [folder.moonshineEncoder, folder.moonshineDecoder, folder.moonshineTokens]
    where access(path, R_OK) != 0 { throw .modelUnavailable(path: path) }
    guard let library = sherpa_open(folder.sherpaLibrary) else { throw .modelUnavailable(path: folder.sherpaLibrary) }
    guard
      let recognizer = sherpa_load_moonshine(
        library, folder.moonshineEncoder, folder.moonshineDecoder, folder.moonshineTokens)
    else { throw .modelUnavailable(path: folder.moonshineEncoder) }
    self.library = library
    self.recognizer = recognizer
  }

  deinit { sherpa_unload(library, recognizer) }

  /// Turns longer than `SegmentSplitter.samplesMax` are recognised in parts.
  func transcribe(_ turn: [Int16]) throws(EngineError) -> String {
    var words: [String] = []
    for part in SegmentSplitter.split(turn) {
      let text = try transcribe(part: turn[part])
      if text.contains(where: { $0.isLetter || $0.isNumber }) { words.append(text) }
    }
    return words.joined(separator: " ")
  }

  /// Text without letters or digits, such as the `♪♪♪` that the model writes for silence, is dropped by the caller.
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
