import CallCore

/// Measures what of a voice lies above the band of a telephone line of 8 kHz.
enum TelephoneMeter {
  /// Half of a symmetric high-pass filter from 4 kHz, from its middle on, in 2⁻¹⁵: a windowed sinc (Hamming) of 63 taps for a track of
  /// 16 kHz. Below 3.6 kHz it is down by 47 dB, above 4.3 kHz by less than 0.5 dB. Its even taps are zero and left out.
  private static let oddTaps: [Int] = [
    -10407, 3408, -1973, 1334, -964, 718, -540, 407, -304, 223, -161, 113, -77, 52, -36, 28,
  ]
  private static let middleTap = 16384
  private static let halfLength = 31
  /// Speech that is looked at. It is enough, and a second of it costs a quarter of a millisecond.
  private static let samplesMax = 3 * CallTracks.sampleRate

  /// Power above 4 kHz against all power where the caller speaks, in tenths of a dB; `nil` without speech or without anything above.
  static func highBandTenths(in track: [Int16], speech: [SpeechSpan]) -> Int? {
    var high = 0
    var all = 0
    var left = samplesMax
    track.withUnsafeBufferPointer { samples in
      for span in speech where left > 0 {
        let first = max(TrackPower.position(of: span.start), halfLength)
        let end = min(TrackPower.position(of: span.end), samples.count - halfLength, first + left)
        guard first < end else { continue }
        left -= end - first
        for position in first..<end {
          let value = filtered(samples, at: position)
          high &+= value &* value
          all &+= Int(samples[position]) &* Int(samples[position])
        }
      }
    }
    return PowerRatio.tenths(Double(high), over: Double(all))
  }

  private static func filtered(_ samples: UnsafeBufferPointer<Int16>, at position: Int) -> Int {
    var sum = middleTap &* Int(samples[position])
    for (index, tap) in oddTaps.enumerated() {
      let distance = 2 * index + 1
      sum &+= tap &* (Int(samples[position - distance]) &+ Int(samples[position + distance]))
    }
    return sum >> 15
  }
}
