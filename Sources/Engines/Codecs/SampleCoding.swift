/// A codec that writes each sample by itself.
protocol SampleCoding {
  /// Bytes per sample.
  static var width: Int { get }
  /// Reads sample `index`.
  static func sample(_ index: Int, of packet: UnsafeRawBufferPointer) -> Int16
  /// Appends one sample.
  static func append(_ sample: Int16, to bytes: inout [UInt8])
}
