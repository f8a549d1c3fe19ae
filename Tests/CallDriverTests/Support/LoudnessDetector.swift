import CallCore
import CallDriver

/// Takes every loud window for speech.
final class LoudnessDetector: SpeechDetector {
  private(set) var windows = 0

  func probability(of window: UnsafeBufferPointer<Int16>) throws(EngineError) -> SpeechProbability {
    windows += 1
    let loudness = window.reduce(0) { $0 + Int($1.magnitude) } / window.count
    return SpeechProbability(thousandths: loudness > 3000 ? 900 : 100)
  }

  func reset() {}
}
