import CallDriver
import TestSupport
import Testing

/// Sound without a pattern, and what comes back of it.
struct EchoSound {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func samples(_ count: Int, amplitude: Int) -> [Int16] {
    (0..<count).map { _ in Int16(Int.random(in: -amplitude...amplitude, using: &generator)) }
  }
}

@Suite("The delay of an echo")
struct EchoDelayTests {
  /// What an estimator says after each frame.
  /// - Parameter heard: at 4 kHz, like `played`.
  private static func delays(_ played: [Int16], _ heard: [Int16]) -> [Int?] {
    let estimator = EchoDelayEstimator()
    return stride(from: 0, through: heard.count - EchoDelayEstimator.frameSamples, by: EchoDelayEstimator.frameSamples)
      .map { start in
        let end = start + EchoDelayEstimator.frameSamples
        heard[start..<end].withUnsafeBufferPointer { frame in
          estimator.add(frame) { target in
            for index in target.indices {
              let place = end - target.count + index
              target[index] = place >= 0 ? played[place] : 0
            }
          }
        }
        return estimator.delay
      }
  }

  private static func echo(of played: [Int16], delay: Int, divisor: Int) -> [Int16] {
    played.indices.map { $0 < delay ? 0 : Int16(Int(played[$0 - delay]) / divisor) }
  }

  @Test(
    "is found to the sample, 160 ms after it begins, upside down too",
    arguments: [(0, 2), (30, 3), (150, -10), (151, 30), (600, 3)])
  func found(milliseconds: Int, divisor: Int) {
    var sound = EchoSound(seed: 1)
    let played = sound.samples(6000, amplitude: 4000)
    let heard = Self.echo(of: played, delay: milliseconds * 4, divisor: divisor)
    let delays = Self.delays(played, heard)
    #expect(delays.last == milliseconds * 16)
    let first = delays.firstIndex { $0 != nil } ?? delays.count
    #expect((7...7 + milliseconds / 20 + 8).contains(first), "after \(first + 1) frames")
  }

  @Test("is found in noise that is as loud as the echo")
  func noise() {
    var sound = EchoSound(seed: 2)
    let played = sound.samples(8000, amplitude: 4000)
    let heard = zip(Self.echo(of: played, delay: 320, divisor: 8), sound.samples(8000, amplitude: 500)).map { $0 + $1 }
    #expect(Self.delays(played, heard).last == 320 * 4)
  }

  @Test("is not found in other sound, in silence, or where nothing was played")
  func none() {
    var sound = EchoSound(seed: 3)
    let (played, other) = (sound.samples(8000, amplitude: 4000), sound.samples(8000, amplitude: 4000))
    let silence = [Int16](repeating: 0, count: 8000)
    for (one, two) in [(played, other), (played, silence), (silence, other), (silence, silence)] {
      #expect(Self.delays(one, two).allSatisfy { $0 == nil })
    }
  }

  @Test("beyond 640 ms is not looked for")
  func late() {
    var sound = EchoSound(seed: 4)
    let played = sound.samples(8000, amplitude: 4000)
    #expect(Self.delays(played, Self.echo(of: played, delay: 2600, divisor: 3)).allSatisfy { $0 == nil })
  }
}
