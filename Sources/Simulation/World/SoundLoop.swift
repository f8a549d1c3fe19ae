/// A recorded sound that begins anew whenever it ends.
struct SoundLoop: Sendable {
  /// 16 kHz mono.
  let samples: [Int16]
  private var position: Int

  /// - Parameter seed: of the call; where in the sound it begins is drawn from it.
  init(_ samples: [Int16], seed: UInt64) {
    self.samples = samples
    var stream = SeededStream(seed: seed, "noise offset")
    position = samples.isEmpty ? 0 : stream.number(in: 0...(samples.count - 1))
  }

  /// The next sample; 0 of an empty sound.
  mutating func next() -> Double {
    guard !samples.isEmpty else { return 0 }
    let sample = samples[position]
    position = position + 1 == samples.count ? 0 : position + 1
    return Double(sample)
  }

  /// Mean square of a whole sound; 0 of an empty one.
  static func power(of samples: [Int16]) -> Double {
    samples.isEmpty ? 0 : samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)
  }
}
