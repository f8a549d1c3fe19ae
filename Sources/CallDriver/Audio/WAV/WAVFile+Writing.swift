extension WAVFile {
  /// Writes a file of 16-bit PCM, as every player takes it.
  /// - Parameters:
  ///   - samples: channels interleaved, oldest first; at most 2 GB.
  ///   - channels: 1 or 2.
  ///   - sampleRate: samples per second and channel.
  /// - Returns: the whole file.
  public static func bytes(samples: [Int16], channels: Int, sampleRate: Int) -> [UInt8] {
    let dataBytes = samples.count * 2
    var file: [UInt8] = []
    file.reserveCapacity(44 + dataBytes)
    file += Array("RIFF".utf8) + little(UInt32(36 + dataBytes)) + Array("WAVEfmt ".utf8) + little(UInt32(16))
    file += little(UInt16(1)) + little(UInt16(channels)) + little(UInt32(sampleRate))
    file += little(UInt32(sampleRate * channels * 2)) + little(UInt16(channels * 2)) + little(UInt16(16))
    file += Array("data".utf8) + little(UInt32(dataBytes))
    for sample in samples {
      let bits = UInt16(bitPattern: sample)
      file.append(UInt8(truncatingIfNeeded: bits))
      file.append(UInt8(truncatingIfNeeded: bits >> 8))
    }
    return file
  }

  /// Writes mono audio.
  public static func bytes(_ audio: PCMBuffer) -> [UInt8] {
    bytes(samples: audio.samples, channels: 1, sampleRate: audio.sampleRate)
  }

  private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<MemoryLayout<Number>.size).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}
