/// What a proxy writes before the first byte of a connection that it passes on: the header of the PROXY protocol, version 2
/// (haproxy.org/download/2.9/doc/proxy-protocol.txt, section 2.2).
package enum ProxyHeader: Equatable {
  /// More bytes are needed.
  case incomplete
  /// The bytes begin with something else, such as version 1, or with an address that is none; what is wrong, in words.
  case wrong(String)
  /// So many bytes, and where the connection comes from; `nil`: from the proxy itself, such as its health checks, or from where there are no addresses.
  case header(length: Int, source: IPAddress?)

  /// Longest header that is taken, in bytes: addresses take 36 behind the first 16, the rest is what a proxy adds.
  package static let lengthMax = 1024

  private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]
  /// Signature, version and command, family and protocol, length.
  private static let fixedBytes = 16

  /// - Parameter bytes: what has arrived, from the first byte on; 1 and up.
  package init(_ bytes: UnsafeRawBufferPointer) {
    let known = min(bytes.count, Self.signature.count)
    guard bytes.prefix(known).elementsEqual(Self.signature.prefix(known)) else {
      self = .wrong("it does not begin with a header of the PROXY protocol, version 2")
      return
    }
    guard bytes.count >= Self.fixedBytes else {
      self = .incomplete
      return
    }
    let length = Self.fixedBytes + Int(bytes[14]) << 8 + Int(bytes[15])
    guard bytes[12] >> 4 == 2, bytes[12] & 0xf <= 1 else {
      self = .wrong("the PROXY protocol has version 2 and the commands LOCAL and PROXY")
      return
    }
    guard length <= Self.lengthMax else {
      self = .wrong("its header of the PROXY protocol has \(length) bytes, and at most \(Self.lengthMax) are taken")
      return
    }
    guard bytes.count >= length else {
      self = .incomplete
      return
    }
    guard bytes[12] & 0xf == 1 else {
      self = .header(length: length, source: nil)
      return
    }
    let addresses = UnsafeRawBufferPointer(rebasing: bytes[Self.fixedBytes..<length])
    switch bytes[13] >> 4 {
    case 1 where addresses.count >= 12: self = .header(length: length, source: IPAddress(v4Bytes: addresses))
    case 2 where addresses.count >= 36: self = .header(length: length, source: IPAddress(v6Bytes: addresses))
    case 1, 2: self = .wrong("its header of the PROXY protocol is too short for its addresses")
    // Sockets of one machine, and what has no addresses.
    default: self = .header(length: length, source: nil)
    }
  }
}

extension IPAddress {
  /// - Parameter bytes: 4 and up, in network byte order.
  fileprivate init(v4Bytes bytes: UnsafeRawBufferPointer) {
    self.init(v4: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
  }

  /// - Parameter bytes: 16 and up, in network byte order.
  fileprivate init(v6Bytes bytes: UnsafeRawBufferPointer) {
    self.init(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }
}
