import Glibc
import Simulation

/// A track made of plain sounds, 16 kHz.
struct Sound {
  private(set) var samples: [Int16]

  /// Silence.
  init(milliseconds: Int) { samples = [Int16](repeating: 0, count: milliseconds * 16) }

  /// Adds a sine.
  mutating func tone(_ frequency: Double = 400, amplitude: Double, fromSample first: Int, toSample end: Int) {
    for index in first..<end { add(amplitude * sin(2 * .pi * frequency * Double(index) / 16_000), at: index) }
  }

  /// The same in milliseconds.
  mutating func tone(_ frequency: Double = 400, amplitude: Double, _ start: Int, _ end: Int) {
    tone(frequency, amplitude: amplitude, fromSample: start * 16, toSample: end * 16)
  }

  /// Adds white noise all over, drawn evenly from −`amplitude` to `amplitude`: its power is a third of the square.
  mutating func noise(amplitude: Int, seed: UInt64 = 1) {
    var streams = SeededStream(seed: seed, "noise")
    for index in samples.indices { add(Double(streams.number(in: -amplitude...amplitude)), at: index) }
  }

  /// Puts nothing where something was.
  mutating func hole(fromSample first: Int, count: Int) {
    for index in first..<(first + count) { samples[index] = 0 }
  }

  private mutating func add(_ value: Double, at index: Int) {
    samples[index] = Int16(max(-32768, min(32767, (Double(samples[index]) + value).rounded())))
  }
}
