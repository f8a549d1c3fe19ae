public import CallCore

/// Decodes one direction of one call to 16 kHz mono frames of 20 ms. Used by one thread at a time; allocates nothing per
/// frame.
public protocol AudioDecoder: AnyObject {
  /// - Parameters:
  ///   - packet: one packet of 20 ms as received, bounded by the wire.
  ///   - frame: room for 320 samples.
  /// - Returns: samples written, at most 320; 320 for a whole 20 ms packet.
  /// - Throws: `.library` for a packet that cannot be decoded (a peer's fault); the decoder stays usable.
  func decode(
    _ packet: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>
  ) throws(EngineError) -> Int

  /// Fills in for a lost packet with 320 samples. `next` is the packet after it, whose forward error correction is used
  /// when it has any; empty when that is unknown.
  func conceal(next: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>) throws(EngineError)
}
