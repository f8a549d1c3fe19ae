import CallDriver
import Engines

/// Files of sound that are uploaded, as far as they are read in this process: WAV. Others are read by a child.
final class SoundTarget: FuzzTarget {
  static let name = "sounds"

  private static let secondsMax = 30
  private static let catalog = EngineCatalog(folder: EngineFolder(path: "."), parts: [])
  private let reader = SoundReader(formats: SoundTarget.catalog.sounds, secondsMax: SoundTarget.secondsMax)

  func run(_ bytes: [UInt8]) {
    guard !SoundReader.isForeign(bytes), let file = try? WAVFile(parsing: bytes),
      let sound = try? reader.read(WAVFile.bytes(file.audio))
    else { return }
    require(sound.sampleRate == SoundReader.sampleRate, "every sound is brought to one rate")
    require(
      sound.samples.count <= (Self.secondsMax + 1) * sound.sampleRate, "no sound is longer than what is taken")
  }

  static var binarySeeds: [BinarySeed] {
    let tone = (0..<800).map { Int16(truncatingIfNeeded: $0 * $0 * 37) }
    return [(1, 8000), (2, 16_000), (1, 48_000)].map { channels, rate in
      BinarySeed("\(channels)-\(rate).wav", WAVFile.bytes(samples: tone, channels: channels, sampleRate: rate))
    }
  }
}
