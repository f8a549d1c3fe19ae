import COpus
import CallCore
import CallDriver

/// Encodes a stream with libopus: 20 ms, mono, application VoIP.
final class OpusFrameEncoder: AudioFrameEncoder {
  private let state: OpaquePointer
  private let resampler: FrameResampler

  /// - Parameter sampleRate: 8000, 12000, 16000, 24000 or 48000.
  init(sampleRate: Int, settings: OpusSettings) throws(EngineError) {
    resampler = try FrameResampler(to: sampleRate)
    var code: Int32 = 0
    guard let state = opus_encoder_create(opus_int32(sampleRate), 1, OPUS_APPLICATION_VOIP, &code), code == OPUS_OK
    else { throw .library(function: "opus_encoder_create", code: Int(code)) }
    self.state = state
    code = opus_encoder_set_speech(
      state, Int32(settings.bitRate), Int32(settings.complexity), Int32(settings.expectedLossPercent))
    guard code == OPUS_OK else { throw .library(function: "opus_encoder_ctl", code: Int(code)) }
  }

  deinit { opus_encoder_destroy(state) }

  func encode(
    _ frame: UnsafeBufferPointer<Int16>, into packet: UnsafeMutableRawBufferPointer
  ) throws(EngineError) -> Int {
    let samples = try resampler.resample(frame)
    guard let pcm = samples.baseAddress, let bytes = packet.baseAddress else {
      preconditionFailure("a frame and a packet have room")
    }
    let count = opus_encode(
      state, pcm, Int32(samples.count), bytes.assumingMemoryBound(to: UInt8.self), opus_int32(packet.count))
    guard count > 0 else { throw .library(function: "opus_encode", code: Int(count)) }
    return Int(count)
  }
}
