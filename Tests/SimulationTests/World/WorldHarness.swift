import CallCore
import Glibc
import Simulation

/// Sounds for the caller's surroundings, and ways to measure what comes out.
enum WorldHarness {
  static let sampleRate = 16_000

  static func tone(hertz: Double, seconds: Double = 1, amplitude: Double = 8000) -> [Int16] {
    (0..<Int(seconds * Double(sampleRate))).map {
      Int16((amplitude * sin(2 * .pi * hertz * Double($0) / Double(sampleRate))).rounded())
    }
  }

  /// Half a second of a tone in every second: speech as far as power is concerned.
  static func bursts(seconds: Int) -> [Int16] {
    let on = tone(hertz: 440, seconds: 0.5)
    return (0..<seconds).flatMap { _ in on + [Int16](repeating: 0, count: sampleRate - on.count) }
  }

  static func silence(seconds: Int) -> [Int16] { [Int16](repeating: 0, count: seconds * sampleRate) }

  /// The microphone's signal for whole tracks; `agent` is as long as `voice` or empty.
  static func microphone(_ surroundings: CallerEnvironment, voice: [Int16], agent: [Int16] = []) -> [Int16] {
    let agent = agent.isEmpty ? [Int16](repeating: 0, count: voice.count) : agent
    var microphone = [Int16](repeating: 0, count: voice.count)
    let length = CallerEnvironment.frameSamples
    for start in stride(from: 0, through: voice.count - length, by: length) {
      let span = start..<(start + length)
      voice[span].withUnsafeBufferPointer { voice in
        agent[span].withUnsafeBufferPointer { agent in
          microphone[span].withUnsafeMutableBufferPointer { surroundings.mix(voice: voice, agent: agent, into: $0) }
        }
      }
    }
    return microphone
  }

  static func power(_ samples: some Collection<Int16>) -> Double {
    samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)
  }

  static func decibels(_ ratio: Double) -> Double { 10 * log10(ratio) }

  /// Amplitude of one frequency (G. Goertzel 1958).
  static func amplitude(of hertz: Double, in samples: ArraySlice<Int16>) -> Double {
    let angle = 2 * Double.pi * hertz / Double(sampleRate)
    let step = 2 * cos(angle)
    var (last, before) = (0.0, 0.0)
    for sample in samples { (last, before) = (Double(sample) + step * last - before, last) }
    return 2 * (last * last + before * before - step * last * before).squareRoot() / Double(samples.count)
  }

  /// Mean power density around `hertz`, a third of an octave wide, from periodograms of 1024 samples, at eight frequencies at most.
  static func density(around hertz: Double, in samples: [Int16]) -> Double {
    let length = 1024
    let width = Double(sampleRate) / Double(length)
    let (lowest, highest) = (Int(hertz / 1.122 / width) + 1, Int(hertz * 1.122 / width))
    var sum = 0.0
    var count = 0.0
    for start in stride(from: 0, through: samples.count - length, by: length) {
      for bin in stride(from: lowest, through: highest, by: (highest - lowest) / 8 + 1) {
        let amplitude = amplitude(of: Double(bin) * width, in: samples[start..<(start + length)])
        sum += amplitude * amplitude
        count += 1
      }
    }
    return sum / count
  }
}
