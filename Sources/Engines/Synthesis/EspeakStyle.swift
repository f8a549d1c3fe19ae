import CallCore
import Glibc

/// A speaking style on eSpeak NG's own scales (`speak_lib.h`, `espeak_PARAMETER`).
struct EspeakStyle: Equatable, Sendable {
  /// `espeakRATE`: 80 … 450.
  var wordsPerMinute: Int
  /// `espeakPITCH`: 0 … 99.
  var pitch: Int
  /// `espeakRANGE`: how far the melody goes up and down; 0 … 99.
  var pitchRange: Int

  /// eSpeak's defaults: `espeakRATE_NORMAL`, and the middles of the two scales.
  static let plain = EspeakStyle(.plain)

  /// - Parameter style: inside `SpeakingStyle.range`.
  ///
  /// The scale of the pitch is logarithmic, an octave in 50 steps (`pitch_adjust_tab` in eSpeak's `wavegen.c` holds
  /// 64 · 2^(step/50)), that of the range is linear. Both end at 99, so the highest pitch is 1.98 times the plain one.
  init(_ style: SpeakingStyle) {
    wordsPerMinute = 175 * style.ratePercent / 100
    pitch = min(50 + Int((50 * log2(Double(style.pitchPercent) / 100)).rounded()), 99)
    pitchRange = min(style.pitchPercent / 2, 99)
  }
}
