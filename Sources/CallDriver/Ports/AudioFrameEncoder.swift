public import CallCore

/// Encodes one side of a call as it goes on, 20 ms at a time. Used by one thread.
public protocol AudioFrameEncoder: AnyObject {
  /// Room that every packet fits into, in bytes: 960 samples of 16 bits, which is 20 ms at 48 kHz; no Opus packet of one frame is
  /// longer than 1276 (RFC 6716, 3.2.1).
  static var packetBytesMax: Int { get }

  /// - Parameters:
  ///   - frame: exactly 320 samples, 16 kHz mono.
  ///   - packet: room for `packetBytesMax` bytes.
  /// - Returns: bytes written, above 0.
  func encode(
    _ frame: UnsafeBufferPointer<Int16>, into packet: UnsafeMutableRawBufferPointer
  ) throws(EngineError) -> Int
}

extension AudioFrameEncoder {
  /// See the requirement.
  public static var packetBytesMax: Int { 1920 }
}
