import Glibc

/// The voiced source of hibari's vocoder: pulses at the pitch, limited to the harmonics below 11 kHz so that nothing folds
/// back. The sum of `cos(h·t)` over h = 1…H has the closed form `sin((H + 1/2)t) / (2 sin(t/2)) - 1/2`.
enum PulseTrain {
  /// Samples per frame of the pitch curve: 12.5 ms at 24 kHz.
  static let hop = 300
  /// Below this pitch in Hz a sample is unvoiced.
  private static let voicedMin: Float = 40
  /// Highest harmonic in Hz.
  private static let harmonicMax: Float = 11000

  /// - Parameters:
  ///   - pitch: Hz per frame.
  ///   - factor: on the pitch.
  ///   - bend: the part of `factor` that a speaking style asked for. What is voiced in the plain voice stays voiced when it is
  ///     bent down.
  ///   - pulses: receives `hop` samples per frame.
  static func write(
    pitch: [Float], factor: Float, bend: Float, into pulses: UnsafeMutableBufferPointer<Float>
  ) {
    let last = pitch.count - 1
    let voicedMin = Self.voicedMin * min(bend, 1)
    var turns = 0.0
    for frame in 0...last {
      let own = pitch[frame] * factor
      let before = pitch[max(frame - 1, 0)] * factor
      let after = pitch[min(frame + 1, last)] * factor
      for offset in 0..<hop {
        // Frame values stand at the frames' middles; between them the pitch is a straight line.
        let position = (Float(offset) + 0.5) / Float(hop) - 0.5
        let hertz = position < 0 ? own + (own - before) * position : own + (after - own) * position
        turns += Double(max(hertz, voicedMin)) / Double(HibariVoice.sampleRate)
        turns -= turns.rounded(.down)
        pulses[frame * hop + offset] = hertz > voicedMin ? pulse(Float(turns * 2 * .pi), hertz: hertz) : 0
      }
    }
  }

  private static func pulse(_ phase: Float, hertz: Float) -> Float {
    let harmonics = (harmonicMax / hertz).rounded(.down) + 0.5
    let divisor = 2 * sinf(phase * 0.5)
    // Where the divisor vanishes the quotient's limit is the number of harmonics and a half.
    return (abs(divisor) <= 2e-3 ? harmonics : sinf(harmonics * phase) / divisor) - 0.5
  }
}
