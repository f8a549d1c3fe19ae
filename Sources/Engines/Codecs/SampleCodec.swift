import CallCore
import CallDriver

/// A codec that writes each sample by itself.
protocol SampleCoding {
  /// Bytes per sample.
  static var width: Int { get }
  /// Reads sample `index`.
  static func sample(_ index: Int, of packet: UnsafeRawBufferPointer) -> Int16
  /// Appends one sample.
  static func append(_ sample: Int16, to bytes: inout [UInt8])
}

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

/// ITU-T G.711 µ-law, a byte a sample.
enum MulawCoding: SampleCoding {
  static let width = 1

  static func sample(_ index: Int, of packet: UnsafeRawBufferPointer) -> Int16 { G711.sample(mulaw: packet[index]) }

  static func append(_ sample: Int16, to bytes: inout [UInt8]) { bytes.append(G711.mulaw(of: sample)) }
}

/// ITU-T G.711 A-law, a byte a sample.
enum AlawCoding: SampleCoding {
  static let width = 1

  static func sample(_ index: Int, of packet: UnsafeRawBufferPointer) -> Int16 { G711.sample(alaw: packet[index]) }

  static func append(_ sample: Int16, to bytes: inout [UInt8]) { bytes.append(G711.alaw(of: sample)) }
}

/// Decodes a sample-by-sample codec and resamples to 16 kHz. A packet shorter than 20 ms gives fewer samples.
final class SampleDecoder<Coding: SampleCoding>: AudioDecoder {
  private let resampler: SpeechResampler?
  private let concealment = LossConcealment()
  private let scratch: UnsafeMutableBufferPointer<Int16>

  /// - Parameter sampleRate: of the packets.
  init(sampleRate: Int) throws(EngineError) {
    resampler =
      sampleRate == MediaFrame.sampleRate ? nil : try SpeechResampler(from: sampleRate, to: MediaFrame.sampleRate)
    scratch = .allocate(capacity: sampleRate / MediaFrame.perSecond)
    scratch.initialize(repeating: 0)
  }

  deinit { scratch.deallocate() }

  func decode(
    _ packet: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>
  ) throws(EngineError) -> Int {
    precondition(frame.count >= MediaFrame.samples, "a frame has room for 320 samples")
    let count = packet.count / Coding.width
    guard count > 0, count <= scratch.count, packet.count == count * Coding.width else {
      throw .unsupported(
        "a packet of \(packet.count) bytes; 20 ms are \(scratch.count * Coding.width), in steps of \(Coding.width)")
    }
    for index in 0..<count { scratch[index] = Coding.sample(index, of: packet) }
    let written = try deliver(UnsafeBufferPointer(rebasing: scratch[..<count]), into: frame)
    concealment.remember(UnsafeBufferPointer(rebasing: frame[..<written]))
    return written
  }

  /// These codecs carry no copy of a lost packet, so `next` is not used.
  func conceal(
    next: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>
  ) throws(EngineError) {
    precondition(frame.count >= MediaFrame.samples, "a frame has room for 320 samples")
    concealment.fill(frame)
  }

  private func deliver(
    _ samples: UnsafeBufferPointer<Int16>, into frame: UnsafeMutableBufferPointer<Int16>
  ) throws(EngineError) -> Int {
    let room = UnsafeMutableBufferPointer(rebasing: frame[..<MediaFrame.samples])
    if let resampler { return try resampler.resample(samples, into: room) }
    for index in samples.indices { room[index] = samples[index] }
    return samples.count
  }
}

/// Encodes whole utterances with a sample-by-sample codec.
final class SampleEncoder<Coding: SampleCoding>: AudioEncoder {
  private let sampleRate: Int

  /// - Parameter sampleRate: of the packets.
  init(sampleRate: Int) { self.sampleRate = sampleRate }

  func encode(_ speech: PCMBuffer) throws(EngineError) -> EncodedSpeech {
    var samples = try SpeechResampler.resample(speech, to: sampleRate).samples
    let frame = sampleRate / MediaFrame.perSecond
    let packets = (samples.count + frame - 1) / frame
    samples.append(contentsOf: repeatElement(0, count: packets * frame - samples.count))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(samples.count * Coding.width)
    for sample in samples { Coding.append(sample, to: &bytes) }
    let ends = (0..<packets).map { Int32(($0 + 1) * frame * Coding.width) }
    return EncodedSpeech(bytes: bytes, packetEnds: ends)
  }
}

/// Encodes a stream with a sample-by-sample codec.
final class SampleFrameEncoder<Coding: SampleCoding>: AudioFrameEncoder {
  private let resampler: FrameResampler
  private var bytes: [UInt8] = []

  /// - Parameter sampleRate: of the packets.
  init(sampleRate: Int) throws(EngineError) {
    resampler = try FrameResampler(to: sampleRate)
    bytes.reserveCapacity(resampler.samples * Coding.width)
  }

  func encode(
    _ frame: UnsafeBufferPointer<Int16>, into packet: UnsafeMutableRawBufferPointer
  ) throws(EngineError) -> Int {
    let samples = try resampler.resample(frame)
    precondition(packet.count >= samples.count * Coding.width, "a packet has room for a frame")
    bytes.removeAll(keepingCapacity: true)
    for sample in samples { Coding.append(sample, to: &bytes) }
    packet.copyBytes(from: bytes)
    return bytes.count
  }
}
