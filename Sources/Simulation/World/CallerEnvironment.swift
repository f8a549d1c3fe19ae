public import CallCore

/// What a caller's microphone gives to the codec: the caller's voice, sound around it, the echo of the agent, and the telephone
/// band over all of them. Used by one thread at a time; the same seed and input give the same samples on every machine.
public final class CallerEnvironment {
  /// Samples of a frame: 20 ms at 16 kHz.
  public static let frameSamples = 320

  private var noise: NoiseSource?
  private var echo: EchoPath?
  private var telephone: TelephoneBand?
  private let sum: UnsafeMutableBufferPointer<Double>

  /// - Parameters:
  ///   - world: `noise`, `echo` and `isTelephone` of it; whoever makes the voice applies `level` (`Gain`).
  ///   - seed: of the call.
  ///   - speechPower: mean square of the caller's speech as it gets into the signal (`VoicePower`). The noise is scaled to be
  ///     as far below it, in the signal, as `world.noise` asks: exactly, by design of white and pink noise and by the mean
  ///     square of a whole sound.
  ///   - noiseSound: for babble and recordings: 16 kHz mono, looped from an offset that is drawn. Silence gives no noise.
  public init(world: CallWorld, seed: UInt64, speechPower: Double, noiseSound: [Int16]?) {
    noise = world.noise.map { asked in
      NoiseSource(
        asked.sort, power: speechPower / Decibels.power(asked.ratio), sound: noiseSound ?? [],
        isTelephone: world.isTelephone, seed: seed)
    }
    echo = world.echo.map(EchoPath.init)
    telephone = world.isTelephone ? TelephoneBand() : nil
    sum = .allocate(capacity: Self.frameSamples)
    sum.initialize(repeating: 0)
  }

  deinit { sum.deallocate() }

  /// Makes the next frame. Allocates nothing. What is too loud is cut off at full scale; with nothing around the caller, the frame is the
  /// voice, bit for bit.
  /// - Parameters:
  ///   - voice: 320 samples of the caller.
  ///   - agent: 320 samples that the caller's loudspeaker plays at the same time.
  ///   - frame: receives 320 samples.
  public func mix(
    voice: UnsafeBufferPointer<Int16>, agent: UnsafeBufferPointer<Int16>, into frame: UnsafeMutableBufferPointer<Int16>
  ) {
    let count = Self.frameSamples
    precondition(voice.count == count && agent.count == count && frame.count == count, "a frame has 320 samples")
    for index in 0..<count { sum[index] = Double(voice[index]) }
    noise?.add(to: sum)
    echo?.add(agent, to: sum)
    telephone?.pass(sum)
    for index in 0..<count { frame[index] = Gain.saturated(sum[index]) }
  }
}

/// The way from the caller's loudspeaker to the caller's microphone: later and softer.
struct EchoPath: Sendable {
  private let gain: Double
  /// What the loudspeaker played and the microphone has not heard yet, as a ring.
  private var waiting: [Int16]
  private var position = 0

  /// - Parameter echo: with a delay of 0 or more.
  init(_ echo: CallWorld.Echo) {
    precondition(echo.delay >= .zero, "an echo comes afterwards")
    gain = Decibels.amplitude(echo.level)
    waiting = [Int16](repeating: 0, count: Int(echo.delay.microseconds * 16 / 1000))
  }

  /// Takes in what is played and adds what arrives. Allocates nothing.
  mutating func add(_ played: UnsafeBufferPointer<Int16>, to frame: UnsafeMutableBufferPointer<Double>) {
    guard !waiting.isEmpty else {
      for index in frame.indices { frame[index] += gain * Double(played[index]) }
      return
    }
    for index in frame.indices {
      frame[index] += gain * Double(waiting[position])
      waiting[position] = played[index]
      position = position + 1 == waiting.count ? 0 : position + 1
    }
  }
}
