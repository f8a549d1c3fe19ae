import CallCore
import CallDriver

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
