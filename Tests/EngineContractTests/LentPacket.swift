import CallDriver

extension EncodedSpeech {
  /// `withPacket` for a body that throws.
  func lendPacket<Value>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Value) throws -> Value {
    try withPacket(index) { packet in Result { try body(packet) } }.get()
  }
}
