import CallCore

/// The sound around a caller, scaled to a power.
struct NoiseSource: Sendable {
  private let sort: CallWorld.Noise.Sort
  private var white: WhiteNoise
  private var pink = PinkFilter()
  private var loop: SoundLoop
  private var gain = 0.0

  /// - Parameters:
  ///   - power: mean square that is wanted of it in the microphone's signal, behind the telephone where there is one.
  ///   - sound: for babble and recordings, 16 kHz.
  ///   - isTelephone: whether it goes through a `TelephoneBand` afterwards, which takes away some of it.
  ///   - seed: of the call.
  init(_ sort: CallWorld.Noise.Sort, power: Double, sound: [Int16], isTelephone: Bool, seed: UInt64) {
    self.sort = sort
    white = WhiteNoise(seed: seed)
    loop = SoundLoop(sound, seed: seed)
    let own = ownPower(isTelephone: isTelephone)
    gain = own > 0 ? (power / own).squareRoot() : 0
    if sort == .pink { for _ in 0..<PinkFilter.memory { _ = pink.next(white.next()) } }
  }

  /// Adds the next samples. Allocates nothing.
  mutating func add(to frame: UnsafeMutableBufferPointer<Double>) {
    switch sort {
    case .white: for index in frame.indices { frame[index] += gain * white.next() }
    case .pink: for index in frame.indices { frame[index] += gain * pink.next(white.next()) }
    case .babble, .recording: for index in frame.indices { frame[index] += gain * loop.next() }
    }
  }

  /// Mean square before it is scaled, as much of it as gets into the signal: by design for white and pink noise, measured for sounds.
  private func ownPower(isTelephone: Bool) -> Double {
    switch sort {
    case .white: WhiteNoise.power * Self.power(of: [1] + [Double](repeating: 0, count: 4095), isTelephone)
    case .pink: WhiteNoise.power * Self.power(of: PinkFilter.response, isTelephone)
    case .babble, .recording:
      SoundLoop.power(of: isTelephone ? TelephoneBand.passed(loop.samples) : loop.samples)
    }
  }

  private static func power(of response: [Double], _ isTelephone: Bool) -> Double {
    isTelephone ? TelephoneBand.power(through: response) : response.reduce(0) { $0 + $1 * $1 }
  }
}

/// White noise: each sample is the sum of four even numbers of 16 bits, which is close to a normal distribution and exact to compute.
struct WhiteNoise: Sendable {
  /// Mean square of a sample: 4 · (2³² − 1) / 3, the variance of four numbers drawn evenly from −65 535, −65 533 … 65 535.
  static let power = 4.0 * 4_294_967_295 / 3

  private var stream: SeededStream

  /// - Parameter seed: of the call.
  init(seed: UInt64) { stream = SeededStream(seed: seed, "noise") }

  /// The next sample; mean 0.
  mutating func next() -> Double {
    let bits = stream.next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return Double(2 * Int(sum) - 4 * 65_535)
  }
}

/// Makes pink noise of white: 3 dB less per octave.
///
/// Paul Kellet's refined filter, first-order sections in parallel (musicdsp.org, archive no. 76, "Pink noise filter"), with his
/// coefficients: within ±0.05 dB from a 4800th of the sample rate up, 3.3 Hz here.
struct PinkFilter: Sendable {
  /// Samples after which the slowest section has forgotten: 0.99886^8192 is 10⁻⁴.
  static let memory = 8192

  private var first = 0.0
  private var second = 0.0
  private var third = 0.0
  private var fourth = 0.0
  private var fifth = 0.0
  private var sixth = 0.0
  private var before = 0.0

  /// The next sample of pink noise.
  mutating func next(_ white: Double) -> Double {
    first = 0.99886 * first + white * 0.0555179
    second = 0.99332 * second + white * 0.0750759
    third = 0.96900 * third + white * 0.1538520
    fourth = 0.86650 * fourth + white * 0.3104856
    fifth = 0.55000 * fifth + white * 0.5329522
    sixth = -0.7616 * sixth - white * 0.0168980
    let pink = first + second + third + fourth + fifth + sixth + before + white * 0.5362
    before = white * 0.115926
    return pink
  }

  /// What it answers to a single 1.
  static let response: [Double] = {
    var filter = PinkFilter()
    return (0..<memory).map { filter.next($0 == 0 ? 1 : 0) }
  }()
}

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
