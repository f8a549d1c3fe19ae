import CallCore
import CallDriver
import Foundation

/// What the caller sends.
enum FrameSounds {
  /// Noise of -60 dB, such as any microphone has: too quiet for speech, and not the digital silence that costs nothing.
  static func hiss(seconds: Int) -> PCMBuffer {
    var streams: UInt64 = 1
    let samples = (0..<seconds * 16_000).map { _ in
      streams = streams &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int16(Int(streams >> 33) % 97 - 48)
    }
    return PCMBuffer(sampleRate: 16_000, samples: samples)
  }

  /// The keys 1 to 9 and 0, 140 ms each with the silence behind them: a round of 70 frames. No `#` ends them.
  static func keys() -> PCMBuffer {
    var samples: [Int16] = []
    for key in "1234567890".compactMap({ Key($0) }) {
      var sound = KeyToneSound(key, at: .wide)
      while !sound.isOver { samples.append(sound.next()) }
    }
    return PCMBuffer(sampleRate: 16_000, samples: samples)
  }

  /// A human reader, from the engines' folder.
  static func reader(_ folder: String) throws -> PCMBuffer {
    let bytes = try Data(contentsOf: URL(filePath: "\(folder)/speech/two_cities.wav"))
    let whole = try WAVFile(parsing: Array(bytes)).audio
    // From 0.5 to 4.6 s the reader hardly pauses.
    let samples = whole.samples[whole.sampleRate / 2..<whole.sampleRate * 46 / 10]
    return PCMBuffer(sampleRate: whole.sampleRate, samples: Array(samples))
  }
}
