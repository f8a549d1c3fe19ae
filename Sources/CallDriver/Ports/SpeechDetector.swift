public import CallCore

/// Tells speech from other sound for one call. It keeps the call's state (about 1 KB) and is used by one thread at a time;
/// it runs on the media loop itself (about 25 µs per window) and allocates nothing per window.
public protocol SpeechDetector: AnyObject {
  /// - Parameter window: exactly `SpeechDetectorWindow.samples` samples, 16 kHz mono.
  func probability(of window: UnsafeBufferPointer<Int16>) throws(EngineError) -> SpeechProbability

  /// Forgets what was heard so far, as after a gap in the audio.
  func reset()
}
