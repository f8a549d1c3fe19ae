import CallDriver
import Engines

/// Files of sound that are uploaded: WAV, and Opus in an Ogg container.
final class SoundTarget: FuzzTarget {
  static let name = "sounds"

  private static let secondsMax = 30
  private static let catalog = EngineCatalog(folder: EngineFolder(path: "."), parts: [])
  private let reader = SoundReader(formats: SoundTarget.catalog.sounds, secondsMax: SoundTarget.secondsMax)

  func run(_ bytes: [UInt8]) {
    guard let sound = try? reader.read(bytes) else { return }
    require(sound.sampleRate == SoundReader.sampleRate, "every sound is brought to one rate")
    require(
      sound.samples.count <= (Self.secondsMax + 1) * sound.sampleRate, "no sound is longer than what is taken")
  }

  static var binarySeeds: [BinarySeed] {
    let tone = (0..<800).map { Int16(truncatingIfNeeded: $0 * $0 * 37) }
    var seeds = [(1, 8000), (2, 16_000), (1, 48_000)].map { channels, rate in
      BinarySeed("\(channels)-\(rate).wav", WAVFile.bytes(samples: tone, channels: channels, sampleRate: rate))
    }
    for rate in [8000, 16_000, 48_000] {
      guard var bytes = try? oggBytes(tone, rate) else { continue }
      seeds.append(BinarySeed("\(rate).ogg", bytes))
      bytes[bytes.count / 2] ^= 1
      seeds.append(BinarySeed("\(rate)-damaged.ogg", bytes))
    }
    return seeds
  }

  private static func oggBytes(_ samples: [Int16], _ rate: Int) throws -> [UInt8] {
    let writer = try catalog.sounds.makeOggWriter(sampleRate: rate)
    return try writer.append(PCMBuffer(sampleRate: rate, samples: samples)) + writer.finish()
  }
}
