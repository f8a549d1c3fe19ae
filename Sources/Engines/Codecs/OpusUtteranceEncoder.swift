import COpus
import CallCore
import CallDriver

/// Encodes whole utterances with libopus: 20 ms, mono, application VoIP. The encoder is reset before each utterance, so the
/// same samples give the same bytes.
final class OpusUtteranceEncoder: AudioEncoder {
  /// Longest packet of one 20 ms frame that RFC 6716 (3.2.1) allows, in bytes.
  private static let packetBytesMax = 1276

  private let state: OpaquePointer
  private let sampleRate: Int
  private let lookahead: Int

  /// - Parameter sampleRate: 8000, 12000, 16000, 24000 or 48000.
  init(sampleRate: Int, settings: OpusSettings) throws(EngineError) {
    var code: Int32 = 0
    guard let state = opus_encoder_create(opus_int32(sampleRate), 1, OPUS_APPLICATION_VOIP, &code), code == OPUS_OK
    else { throw .library(function: "opus_encoder_create", code: Int(code)) }
    self.state = state
    self.sampleRate = sampleRate
    code = opus_encoder_set_speech(
      state, Int32(settings.bitRate), Int32(settings.complexity), Int32(settings.expectedLossPercent))
    var lookahead: opus_int32 = 0
    if code == OPUS_OK { code = opus_encoder_lookahead(state, &lookahead) }
    self.lookahead = Int(lookahead)
    guard code == OPUS_OK else { throw .library(function: "opus_encoder_ctl", code: Int(code)) }
  }

  deinit { opus_encoder_destroy(state) }

  /// The last packet also holds the part that lags behind by the encoder's lookahead (6.5 ms), so no sound is cut off.
  func encode(_ speech: PCMBuffer) throws(EngineError) -> EncodedSpeech {
    guard !speech.samples.isEmpty else { return EncodedSpeech(bytes: [], packetEnds: []) }
    let code = opus_encoder_reset(state)
    guard code == OPUS_OK else { throw .library(function: "opus_encoder_ctl(OPUS_RESET_STATE)", code: Int(code)) }
    var samples = try SpeechResampler.resample(speech, to: sampleRate).samples
    let frame = sampleRate / MediaFrame.perSecond
    let packets = (samples.count + lookahead + frame - 1) / frame
    samples.append(contentsOf: repeatElement(0, count: packets * frame - samples.count))
    return try encode(samples, frame: frame, packets: packets)
  }

  private func encode(_ samples: [Int16], frame: Int, packets: Int) throws(EngineError) -> EncodedSpeech {
    var bytes: [UInt8] = []
    var ends: [Int32] = []
    var packet = [UInt8](repeating: 0, count: Self.packetBytesMax)
    for index in 0..<packets {
      let count = samples[(index * frame)..<((index + 1) * frame)].withUnsafeBufferPointer { pcm in
        pcm.baseAddress.map { opus_encode(state, $0, Int32(frame), &packet, opus_int32(Self.packetBytesMax)) } ?? 0
      }
      guard count > 0 else { throw .library(function: "opus_encode", code: Int(count)) }
      bytes += packet[..<Int(count)]
      ends.append(Int32(bytes.count))
    }
    return EncodedSpeech(bytes: bytes, packetEnds: ends)
  }
}
