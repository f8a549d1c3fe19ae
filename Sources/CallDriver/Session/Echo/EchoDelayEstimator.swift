/// Finds out how much later a sound comes back: by how alike what is heard is to what was played, at each delay, over the last third of a second.
///
/// It works at 4 kHz on differences of neighbouring samples. Measured with an agent's and two callers' voices through Opus: 160 ms after an echo of −10 to
/// −40 dB begins, the likeness at its delay is 0.6 to 0.95; of a caller who speaks over the agent it is 0.35 at most at any delay, of noise 0.2.
/// One frame costs some 205,000 multiplications, a few 10 µs. Allocates nothing per frame.
package final class EchoDelayEstimator {
  /// Delays that are looked at, in samples at 4 kHz: 0 to 640 ms. What a telephone provider takes both ways, and a room on top.
  package static let delaysMax = 2560
  /// Samples of a frame at 4 kHz.
  package static let frameSamples = 80
  /// What is left of a frame's weight after the next one: a mean over 16 frames, 320 ms.
  private static let memory: Float = 15.0 / 16
  /// Frames of sound before anything is said: 160 ms. In less, any two voices may be alike.
  package static let framesMin = 8
  /// Likeness from which it is an echo.
  package static let likenessMin: Float = 0.5

  private let played = UnsafeMutableBufferPointer<Int16>.allocate(capacity: delaysMax + frameSamples)
  private let heard = UnsafeMutableBufferPointer<Int16>.allocate(capacity: frameSamples)
  private let products = UnsafeMutableBufferPointer<Float>.allocate(capacity: delaysMax)
  private let powers = UnsafeMutableBufferPointer<Float>.allocate(capacity: delaysMax)
  private var heardPower: Float = 0
  /// Frames taken in since the last `reset`.
  package private(set) var frames = 0

  package init() {
    played.initialize(repeating: 0)
    heard.initialize(repeating: 0)
    products.initialize(repeating: 0)
    powers.initialize(repeating: 0)
  }

  deinit {
    played.deallocate()
    heard.deallocate()
    products.deallocate()
    powers.deallocate()
  }

  /// Begins anew.
  package func reset() {
    products.update(repeating: 0)
    powers.update(repeating: 0)
    (heardPower, frames) = (0, 0)
  }

  /// Takes in one frame, 80 samples at 4 kHz each.
  /// - Parameters:
  ///   - sound: of the caller.
  ///   - readPlayed: writes what was played up to the end of that frame, oldest first, into as many samples as there is room for.
  package func add(
    _ sound: UnsafeBufferPointer<Int16>, readPlayed: (UnsafeMutableBufferPointer<Int16>) -> Void
  ) {
    readPlayed(played)
    // Products of 14 and 11 bits, of which 80 are added up in 32.
    for index in played.indices { played[index] >>= 2 }
    level(sound)
    correlate()
    addPowers()
    frames += 1
  }

  /// How much later the caller's audio holds what was played, and how alike they are, 0 … 1: the delay at which that is most. In samples at 16 kHz, to 4 of
  /// them. `nil` when it is no echo, or nobody knows yet.
  package var delay: Int? {
    guard frames >= Self.framesMin, let best, best.likeness >= Self.likenessMin else { return nil }
    return best.delay
  }

  /// The delay at which they are most alike, in samples at 16 kHz, and how much.
  package var best: (delay: Int, likeness: Float)? {
    guard let loudest = powers.max(), loudest > 0, heardPower > 0 else { return nil }
    // Where next to nothing was played, anything would be alike.
    let floor = loudest / 1000
    var (place, most) = (0, Float(0))
    for index in products.indices {
      let share = products[index] * products[index] / (powers[index] + floor)
      if share > most { (place, most) = (index, share) }
    }
    return (place * PlayedSound.slowFactor, (most / heardPower).squareRoot())
  }

  /// Brings the caller's frame to one level, so that no loud one outweighs the others: a mean square of 2¹⁴, in 11 bits.
  private func level(_ sound: UnsafeBufferPointer<Int16>) {
    var energy = 0
    for sample in sound { energy += Int(sample) * Int(sample) }
    let factor = 128 / max((Float(energy) / Float(Self.frameSamples)).squareRoot(), 0.5)
    var power: Float = 0
    for index in heard.indices {
      let value = min(max(Float(sound[index]) * factor, -1023), 1023)
      heard[index] = Int16(value)
      power += Float(heard[index]) * Float(heard[index])
    }
    heardPower = heardPower * Self.memory + power
  }

  private func correlate() {
    guard let now = heard.baseAddress, let all = played.baseAddress else { return }
    for delay in 0..<Self.delaysMax {
      let then = all + (Self.delaysMax - delay)
      var sum: Int32 = 0
      for index in 0..<Self.frameSamples { sum &+= Int32(now[index]) &* Int32(then[index]) }
      products[delay] = products[delay] * Self.memory + Float(sum)
    }
  }

  private func addPowers() {
    var energy = 0
    for index in Self.delaysMax..<played.count { energy += Int(played[index]) * Int(played[index]) }
    for delay in 0..<Self.delaysMax {
      powers[delay] = powers[delay] * Self.memory + Float(energy)
      let (entering, leaving) = (Int(played[Self.delaysMax - delay - 1]), Int(played[played.count - delay - 1]))
      energy += entering * entering - leaving * leaving
    }
  }
}
