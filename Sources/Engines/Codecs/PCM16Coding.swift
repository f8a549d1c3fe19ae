/// Signed 16-bit little-endian samples.
enum PCM16Coding: SampleCoding {
  static let width = 2

  static func sample(_ index: Int, of packet: UnsafeRawBufferPointer) -> Int16 {
    Int16(littleEndian: packet.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self))
  }

  static func append(_ sample: Int16, to bytes: inout [UInt8]) {
    let bits = UInt16(bitPattern: sample)
    bytes.append(UInt8(truncatingIfNeeded: bits))
    bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
  }
}
