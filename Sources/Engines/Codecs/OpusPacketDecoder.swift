import COpus
import CallCore
import CallDriver

/// Decodes Opus (RFC 6716) with libopus. It decodes at 16 kHz whatever rate the sender encoded at, which costs no
/// resampling: the rate of an Opus decoder is independent of the stream's.
final class OpusPacketDecoder: AudioDecoder {
  private let state: OpaquePointer

  /// - Throws: `.library` when libopus has no memory.
  init() throws(EngineError) {
    var code: Int32 = 0
    guard let state = opus_decoder_create(opus_int32(MediaFrame.sampleRate), 1, &code), code == OPUS_OK else {
      throw .library(function: "opus_decoder_create", code: Int(code))
    }
    self.state = state
  }

  deinit { opus_decoder_destroy(state) }

  /// A packet of another length than 20 ms is `.unsupported`; the decoder stays usable.
  func decode(
    _ packet: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>
  ) throws(EngineError) -> Int {
    guard let samples = Self.samples(in: packet) else {
      throw .library(function: "opus_packet_get_nb_samples", code: Int(OPUS_INVALID_PACKET))
    }
    guard samples == MediaFrame.samples else {
      throw .unsupported("an Opus packet of \(Double(samples) / 16) ms; a packet holds 20 ms")
    }
    return try written(decode(packet, into: frame, correctionOnly: false))
  }

  /// Uses the copy of the lost packet inside `next` where its sender put one (in-band forward error correction).
  func conceal(
    next: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>
  ) throws(EngineError) {
    if Self.samples(in: next) == MediaFrame.samples, decode(next, into: frame, correctionOnly: true) > 0 { return }
    _ = try written(decode(UnsafeRawBufferPointer(start: nil, count: 0), into: frame, correctionOnly: false))
  }

  /// Samples at 16 kHz, by the packet's own header; nil when it has none that makes sense.
  private static func samples(in packet: UnsafeRawBufferPointer) -> Int? {
    guard let bytes = packet.baseAddress?.assumingMemoryBound(to: UInt8.self), packet.count > 0 else { return nil }
    let samples = opus_packet_get_nb_samples(bytes, opus_int32(packet.count), opus_int32(MediaFrame.sampleRate))
    return samples > 0 ? Int(samples) : nil
  }

  /// - Returns: samples written, or libopus' error below 0. An empty packet makes it invent what was lost.
  private func decode(
    _ packet: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>, correctionOnly: Bool
  ) -> Int32 {
    precondition(frame.count >= MediaFrame.samples, "a frame has room for 320 samples")
    guard let samples = frame.baseAddress else { return OPUS_BAD_ARG }
    let bytes = packet.baseAddress?.assumingMemoryBound(to: UInt8.self)
    return opus_decode(
      state, bytes, opus_int32(packet.count), samples, Int32(MediaFrame.samples), correctionOnly ? 1 : 0)
  }

  private func written(_ samplesOrError: Int32) throws(EngineError) -> Int {
    guard samplesOrError >= 0 else { throw .library(function: "opus_decode", code: Int(samplesOrError)) }
    return Int(samplesOrError)
  }
}
