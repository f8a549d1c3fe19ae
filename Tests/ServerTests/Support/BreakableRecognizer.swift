import CallCore
import CallDriver
import Synchronization

/// The real recogniser, until it is broken.
final class BreakableRecognizer: SpeechRecognizer {
  let isBroken = Atomic<Bool>(false)
  private let real: any SpeechRecognizer

  private let failure: EngineError

  init(failure: EngineError = .library(function: "SherpaOnnxDecode", code: 7)) throws {
    self.failure = failure
    real = try TestEngines.catalog.recognizer()
  }

  func transcribe(_ turn: [Int16]) throws(EngineError) -> String {
    if isBroken.load(ordering: .relaxed) { throw failure }
    return try real.transcribe(turn)
  }
}
