import CallDriver

/// ITU-T G.711 µ-law, a byte a sample.
enum MulawCoding: SampleCoding {
  static let width = 1

  static func sample(_ index: Int, of packet: UnsafeRawBufferPointer) -> Int16 { G711.sample(mulaw: packet[index]) }

  static func append(_ sample: Int16, to bytes: inout [UInt8]) { bytes.append(G711.mulaw(of: sample)) }
}
