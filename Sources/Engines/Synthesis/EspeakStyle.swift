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

  /// Share of a voice's pitch that the scale does not move: 0.17 to 0.20, measured with a range of 0 (en-US and its f5).
  private static let fixedShare = 0.19

  /// - Parameter style: inside `SpeakingStyle.range`. A pitch below 60 % comes out as 60 %, one above 180 % as 180 %: eSpeak's scale
  ///   ends there.
  ///
  /// The scale of the pitch is logarithmic, an octave in 50 steps (`pitch_adjust_tab` in eSpeak's `wavegen.c` holds
  /// 64 · 2^(step/50)), that of the range is linear.
  init(_ style: SpeakingStyle) {
    wordsPerMinute = 175 * style.ratePercent / 100
    let factor = (Double(style.pitchPercent) / 100 - Self.fixedShare) / (1 - Self.fixedShare)
    pitch = min(max(50 + Int((50 * log2(factor)).rounded()), 0), 99)
    pitchRange = min(style.pitchPercent / 2, 99)
  }
}
