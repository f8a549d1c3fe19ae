import COgg
import CallDriver
import Engines

/// Files of sound that are uploaded: WAV, and Opus in an Ogg container.
final class SoundTarget: FuzzTarget {
  static let name = "sounds"

  private static let secondsMax = 30
  private static let catalog = EngineCatalog(folder: EngineFolder(path: "."), parts: [])
  private let reader = SoundReader(formats: SoundTarget.catalog.sounds, secondsMax: SoundTarget.secondsMax)

  func run(_ bytes: [UInt8]) {
    guard let sound = try? reader.read(Self.withChecksums(bytes)) else { return }
    require(sound.sampleRate == SoundReader.sampleRate, "every sound is brought to one rate")
    require(
      sound.samples.count <= (Self.secondsMax + 1) * sound.sampleRate, "no sound is longer than what is taken")
  }

  /// With the checksum of every Ogg page made right: a changed page would else never get past it.
  private static func withChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var start = 0
    while start + 27 <= bytes.count, bytes[start...].starts(with: "OggS".utf8) {
      let headBytes = 27 + Int(bytes[start + 26])
      guard start + headBytes <= bytes.count else { break }
      let bodyBytes = bytes[(start + 27)..<(start + headBytes)].reduce(0) { $0 + Int($1) }
      guard start + headBytes + bodyBytes <= bytes.count else { break }
      bytes.withUnsafeMutableBufferPointer { buffer in
        guard let head = buffer.baseAddress.map({ $0 + start }) else { return }
        var page = ogg_page(header: head, header_len: headBytes, body: head + headBytes, body_len: bodyBytes)
        ogg_page_checksum_set(&page)
      }
      start += headBytes + bodyBytes
    }
    return bytes
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
