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
