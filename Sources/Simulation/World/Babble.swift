/// Several people talking at once, made from clips of speech.
public enum Babble {
  /// How many talk at any time unless a number is asked for. With fewer, single words can be followed; with more, it sounds like noise.
  public static let talkersUsual = 6
  /// Silence of one of them between two clips, in samples: 100 to 500 ms.
  private static let gap = 1600...8000
  /// Mean square of what comes out: −26 dB below full scale, so that the sum of all is hardly ever cut off.
  private static let power = VoicePower.usual

  /// - Parameters:
  ///   - clips: 16 kHz mono; all are made equally loud. Silent ones are left out.
  ///   - seconds: length of the loop, above 0. Clips that reach over its end go on at its beginning, so that it has no seam.
  ///   - talkers: how many talk at any time, above 0.
  ///   - seed: who says what when.
  /// - Returns: `seconds` of samples; silence when there is nothing to hear in `clips`.
  public static func loop(from clips: [[Int16]], seconds: Int, talkers: Int = talkersUsual, seed: UInt64) -> [Int16] {
    precondition(seconds > 0, "a loop has a length")
    let voices = clips.compactMap { clip in
      VoicePower.meanSquare(of: clip).map { power in (clip: clip, gain: 1 / power.squareRoot()) }
    }
    var sum = [Double](repeating: 0, count: seconds * 16_000)
    guard !voices.isEmpty else { return [Int16](repeating: 0, count: sum.count) }
    var stream = SeededStream(seed: seed, "babble")
    for _ in 0..<talkers {
      var position = stream.number(in: 0...(sum.count - 1))
      let end = position + sum.count
      while position < end {
        let voice = voices[stream.number(in: 0...(voices.count - 1))]
        // The last clip ends where the talker began.
        for (offset, sample) in voice.clip.prefix(end - position).enumerated() {
          sum[(position + offset) % sum.count] += Double(sample) * voice.gain
        }
        position += voice.clip.count + stream.number(in: gap)
      }
    }
    let loudness = sum.reduce(0) { $0 + $1 * $1 } / Double(sum.count)
    let gain = (power / loudness).squareRoot()
    return sum.map { Gain.saturated($0 * gain) }
  }
}
