public import CallCore

/// The window that a speech detector looks at: 512 samples, 32 ms at 16 kHz (Silero's own).
public enum SpeechDetectorWindow {
  /// Samples per window at 16 kHz.
  public static let samples = 512
  /// Length of one window.
  public static let duration = CallDuration.milliseconds(32)
}
