import Wires

/// Binary frames of a caller.
final class PacketTarget: FuzzTarget {
  static let name = "packets"

  func run(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { frame in
      guard let header = try? AudioPacketHeader(decoding: frame) else { return }
      var written = [UInt8](repeating: 0, count: AudioPacketHeader.byteCount)
      written.withUnsafeMutableBytes { header.encode(into: $0) }
      // Not byte by byte: flags of later versions are ignored, and stamps end at a limit.
      let again = (written + [0]).withUnsafeBytes { try? AudioPacketHeader(decoding: $0) }
      require(again == header, "a header is read as it was written")
      require(
        AudioPacketHeader.payload(of: frame).count == bytes.count - written.count, "the payload is what follows")
    }
  }

  static var binarySeeds: [BinarySeed] {
    ([0, 1, 2] as [UInt8]).map { codec in
      BinarySeed("codec-\(codec)", [1, codec, 1, 0, 7, 0, 0, 0, 0x20, 0x4E, 0, 0, 0, 0, 0, 0, 0xF8, 0xFF, 0xFE])
    }
  }
}
