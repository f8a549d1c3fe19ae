import CAllocationCounter
import CallDriver
import Engines
import Testing

@Suite("The echo canceller")
struct EchoCancellerTests {
  private static let seconds = 4

  /// Passes frames through a new canceller.
  private static func cancelled(_ heard: [Int16], played: [Int16]) throws -> [Int16] {
    let canceller = try #require(SpeexEchoCancellers().makeEchoCanceller())
    var result = heard
    result.withUnsafeMutableBufferPointer { result in
      played.withUnsafeBufferPointer { played in
        for start in stride(from: 0, to: result.count, by: 320) {
          canceller.cancel(
            UnsafeBufferPointer(rebasing: played[start..<start + 320]),
            in: UnsafeMutableBufferPointer(rebasing: result[start..<start + 320]))
        }
      }
    }
    return result
  }

  private static func power(_ samples: some Collection<Int16>) -> Double {
    samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)
  }

  @Test("takes 20 dB of an echo away within two seconds, anywhere in its tail of 128 ms", arguments: [0, 14, 100])
  func echo(milliseconds: Int) throws {
    let played = TestSound.noise(samples: 16_000 * Self.seconds, amplitude: 8000)
    let delay = milliseconds * 16
    let heard = played.indices.map { $0 < delay ? 0 : played[$0 - delay] / 4 }
    let left = try Self.cancelled(heard, played: played)
    let (before, after) = (Self.power(heard.suffix(16_000)), Self.power(left.suffix(16_000)))
    #expect(after * 100 < before, "\(before) to \(after)")
  }

  @Test("leaves the caller's voice as loud as it is where nothing is played")
  func voice() throws {
    let voice = TestSound.tone(hertz: 440, sampleRate: 16_000, samples: 16_000 * Self.seconds)
    let left = try Self.cancelled(voice, played: [Int16](repeating: 0, count: voice.count))
    let ratio = Self.power(left.suffix(16_000)) / Self.power(voice.suffix(16_000))
    #expect((0.9...1.1).contains(ratio), "\(ratio)")
  }

  @Test(
    "allocates nothing per frame", .enabled(if: counts_allocations() != 0, "a sanitizer has its own allocator"))
  func allocations() throws {
    let canceller = try #require(SpeexEchoCancellers().makeEchoCanceller())
    var frame = TestSound.noise(samples: 320, amplitude: 2000)
    let played = TestSound.noise(samples: 320, amplitude: 8000)
    let counted = frame.withUnsafeMutableBufferPointer { frame in
      played.withUnsafeBufferPointer { played in
        canceller.cancel(played, in: frame)
        let before = allocations_of_this_thread()
        for _ in 0..<50 { canceller.cancel(played, in: frame) }
        return allocations_of_this_thread() - before
      }
    }
    #expect(counted == 0)
  }
}
