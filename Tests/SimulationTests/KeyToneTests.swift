import CallCore
import CallDriver
import Glibc
import Simulation
import Testing

/// Keys as they sound on a telephone line.
@Suite("Tones of keys")
struct KeyToneTests {
  private static let frequencies = [697.0, 770, 852, 941, 1209, 1336, 1477]

  @Test("each key has its two tones (ITU-T Q.23) for 100 ms, and 40 ms of silence behind them")
  func keys() throws {
    for (place, character) in "123456789*0#".enumerated() {
      let packets = KeyTone.packets(of: try #require(Key(character)))
      #expect(packets.count == 7 && packets.allSatisfy { $0.count == 160 })
      let samples = packets.joined().map { Double(G711.sample(mulaw: $0)) }
      #expect(samples[800...].allSatisfy { $0 == 0 })
      let tone = Array(samples[..<800])
      let energy = tone.reduce(0) { $0 + $1 * $1 }
      let shares = Self.frequencies.map { Self.share(of: $0, in: tone) / energy }
      let loud = shares.indices.filter { shares[$0] > 0.4 }
      #expect(loud == [place / 3, 4 + place % 3], "\(character): \(shares)")
      #expect(shares.reduce(0, +) > 0.98)
    }
  }

  private static func share(of frequency: Double, in samples: [Double]) -> Double {
    let turn = 2 * Double.pi * frequency / 8000
    let real = samples.enumerated().reduce(0) { $0 + $1.element * cos(turn * Double($1.offset)) }
    let imaginary = samples.enumerated().reduce(0) { $0 + $1.element * sin(turn * Double($1.offset)) }
    return 2 * (real * real + imaginary * imaginary) / Double(samples.count)
  }
}
