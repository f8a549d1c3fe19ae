/// Builds WAV files, right and wrong ones.
enum WAVBytes {
  static func riff(_ chunks: [UInt8]...) -> [UInt8] {
    let body = chunks.flatMap { $0 }
    return Array("RIFF".utf8) + little(body.count + 4, 4) + Array("WAVE".utf8) + body
  }

  static func file(_ format: [UInt8], _ data: [UInt8]) -> [UInt8] { riff(chunk("fmt ", format), chunk("data", data)) }

  /// - Parameter length: what the chunk claims, when that is not its length.
  static func chunk(_ name: String, _ body: [UInt8], length: Int? = nil) -> [UInt8] {
    Array(name.utf8) + little(length ?? body.count, 4) + body + (body.count % 2 == 1 && length == nil ? [0] : [])
  }

  static func format(tag: Int, channels: Int = 1, rate: Int = 16_000, bits: Int, block: Int? = nil) -> [UInt8] {
    let block = block ?? channels * bits / 8
    return little(tag, 2) + little(channels, 2) + little(rate, 4) + little(rate * block, 4) + little(block, 2)
      + little(bits, 2)
  }

  /// `WAVE_FORMAT_EXTENSIBLE`: the tag stands at the head of the sub-format.
  static func extensible(tag: Int, channels: Int, rate: Int = 48_000, bits: Int) -> [UInt8] {
    format(tag: 0xFFFE, channels: channels, rate: rate, bits: bits) + little(22, 2) + little(bits, 2) + little(0, 4)
      + little(tag, 2) + [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
  }

  static func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  static func floats(_ values: [Float]) -> [UInt8] { values.flatMap { little(Int($0.bitPattern), 4) } }
}
