import CallCore
import CallDriver

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
