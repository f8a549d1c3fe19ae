import CLibwebsockets

/// The frames of a client (RFC 6455, sections 5.2 and 5.3). libwebsockets masks them byte by byte and asks the kernel for each mask; here eight
/// bytes are masked at once, and the masks of many frames are asked for together.
enum ClientFrame {
  /// Room that the longest header takes.
  static let headerBytesMax = 14
  private static let fin: UInt8 = 0x80
  private static let isMasked: UInt8 = 0x80

  /// Turns a message into a frame where it stands.
  /// - Parameters:
  ///   - start: of the message, with `headerBytesMax` free bytes before it.
  ///   - opcode: 1 for text, 2 for binary.
  /// - Returns: bytes of the header, which ends at `start`.
  static func wrap(_ start: UnsafeMutableRawPointer, _ count: Int, opcode: UInt8, mask: UInt32) -> Int {
    let lengthBytes = count < 126 ? 0 : count < 1 << 16 ? 2 : 8
    let header = start - (2 + lengthBytes + 4)
    header.storeBytes(of: fin | opcode, as: UInt8.self)
    let length = lengthBytes == 0 ? UInt8(count) : lengthBytes == 2 ? 126 : 127
    header.storeBytes(of: isMasked | length, toByteOffset: 1, as: UInt8.self)
    for place in 0..<lengthBytes {
      let byte = UInt8(truncatingIfNeeded: count >> (8 * (lengthBytes - 1 - place)))
      header.storeBytes(of: byte, toByteOffset: 2 + place, as: UInt8.self)
    }
    header.storeBytes(of: mask, toByteOffset: 2 + lengthBytes, as: UInt32.self)
    apply(mask, to: start, count)
    return 2 + lengthBytes + 4
  }

  private static func apply(_ mask: UInt32, to start: UnsafeMutableRawPointer, _ count: Int) {
    let wide = UInt64(mask) << 32 | UInt64(mask)
    let whole = count & ~7
    for place in stride(from: 0, to: whole, by: 8) {
      let word = start.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      start.storeBytes(of: word ^ wide, toByteOffset: place, as: UInt64.self)
    }
    withUnsafeBytes(of: mask) { mask in
      for place in whole..<count {
        let byte = start.load(fromByteOffset: place, as: UInt8.self)
        start.storeBytes(of: byte ^ mask[place & 3], toByteOffset: place, as: UInt8.self)
      }
    }
  }
}

/// Masks for frames, from the kernel's generator: nobody else can know them (RFC 6455, section 10.3).
struct FrameMasks {
  /// Masks that are asked for at once. The kernel gives 256 bytes whole or not at all (getrandom(2)).
  private static let count = 64

  private var masks = [UInt32](repeating: 0, count: count)
  private var taken = count

  /// - Returns: `nil` when the kernel has none to give.
  mutating func next() -> UInt32? {
    if taken == masks.count {
      let isFilled = masks.withUnsafeMutableBytes { vf_random($0.baseAddress, $0.count) == 0 }
      guard isFilled else { return nil }
      taken = 0
    }
    defer { taken += 1 }
    return masks[taken]
  }
}
