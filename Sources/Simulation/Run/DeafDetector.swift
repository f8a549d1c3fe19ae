import CallCore
import CallDriver

/// Hears nothing, whatever is said.
final class DeafDetector: SpeechDetector {
  func probability(of window: UnsafeBufferPointer<Int16>) -> SpeechProbability { .silence }
  func reset() {}
}
