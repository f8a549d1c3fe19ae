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

/// Encodes whole utterances with libopus. The encoder is reset before each utterance, so the same samples give the same bytes.
final class OpusUtteranceEncoder: AudioEncoder {
  private let encoder: OpusEncoder
  private let sampleRate: Int

  /// - Parameter sampleRate: 8000, 12000, 16000, 24000 or 48000.
  init(sampleRate: Int, settings: OpusSettings) throws(EngineError) {
    encoder = try OpusEncoder(sampleRate: sampleRate, settings: settings)
    self.sampleRate = sampleRate
  }

  /// The last packet also holds the part that lags behind by the encoder's lookahead (6.5 ms), so no sound is cut off.
  func encode(_ speech: PCMBuffer) throws(EngineError) -> EncodedSpeech {
    guard !speech.samples.isEmpty else { return EncodedSpeech(bytes: [], packetEnds: []) }
    try encoder.reset()
    var samples = try SpeechResampler.resample(speech, to: sampleRate).samples
    let frame = sampleRate / MediaFrame.perSecond
    let packets = (samples.count + encoder.lookahead + frame - 1) / frame
    samples.append(contentsOf: repeatElement(0, count: packets * frame - samples.count))
    var bytes: [UInt8] = []
    var ends: [Int32] = []
    var packet = [UInt8](repeating: 0, count: OpusEncoder.packetBytesMax)
    for start in stride(from: 0, to: samples.count, by: frame) {
      bytes += packet[..<(try encoder.encode(samples[start..<(start + frame)], into: &packet))]
      ends.append(Int32(bytes.count))
    }
    return EncodedSpeech(bytes: bytes, packetEnds: ends)
  }
}

/// Encodes a stream with libopus.
final class OpusFrameEncoder: AudioFrameEncoder {
  private let encoder: OpusEncoder
  private let resampler: FrameResampler

  /// - Parameter sampleRate: 8000, 12000, 16000, 24000 or 48000.
  init(sampleRate: Int, settings: OpusSettings) throws(EngineError) {
    resampler = try FrameResampler(to: sampleRate)
    encoder = try OpusEncoder(sampleRate: sampleRate, settings: settings)
  }

  func encode(
    _ frame: UnsafeBufferPointer<Int16>, into packet: UnsafeMutableRawBufferPointer
  ) throws(EngineError) -> Int {
    try encoder.encode(try resampler.resample(frame), into: packet)
  }
}

/// libopus' encoder: 20 ms, mono, application VoIP.
final class OpusEncoder {
  /// Longest packet of one 20 ms frame that RFC 6716 (3.2.1) allows, in bytes.
  static let packetBytesMax = 1276

  private let state: OpaquePointer
  /// Samples by which what comes out lags behind what went in.
  let lookahead: Int

  /// - Parameter sampleRate: 8000, 12000, 16000, 24000 or 48000.
  init(sampleRate: Int, settings: OpusSettings) throws(EngineError) {
    var code: Int32 = 0
    guard let state = opus_encoder_create(opus_int32(sampleRate), 1, OPUS_APPLICATION_VOIP, &code), code == OPUS_OK
    else { throw .library(function: "opus_encoder_create", code: Int(code)) }
    self.state = state
    code = opus_encoder_set_speech(
      state, Int32(settings.bitRate), Int32(settings.complexity), Int32(settings.expectedLossPercent))
    var lookahead: opus_int32 = 0
    if code == OPUS_OK { code = opus_encoder_lookahead(state, &lookahead) }
    self.lookahead = Int(lookahead)
    guard code == OPUS_OK else { throw .library(function: "opus_encoder_ctl", code: Int(code)) }
  }

  deinit { opus_encoder_destroy(state) }

  /// Forgets what was encoded before.
  func reset() throws(EngineError) {
    let code = opus_encoder_reset(state)
    guard code == OPUS_OK else { throw .library(function: "opus_encoder_ctl(OPUS_RESET_STATE)", code: Int(code)) }
  }

  /// - Returns: bytes written, above 0.
  func encode(
    _ frame: UnsafeBufferPointer<Int16>, into packet: UnsafeMutableRawBufferPointer
  ) throws(EngineError) -> Int {
    guard let pcm = frame.baseAddress, let bytes = packet.baseAddress else {
      preconditionFailure("a frame and a packet have room")
    }
    let count = opus_encode(
      state, pcm, Int32(frame.count), bytes.assumingMemoryBound(to: UInt8.self), opus_int32(packet.count))
    guard count > 0 else { throw .library(function: "opus_encode", code: Int(count)) }
    return Int(count)
  }

  /// The same for arrays.
  func encode(_ frame: ArraySlice<Int16>, into packet: inout [UInt8]) throws(EngineError) -> Int {
    try packet.withUnsafeMutableBufferPointer { packet throws(EngineError) in
      try frame.withUnsafeBufferPointer { frame throws(EngineError) in
        try encode(frame, into: UnsafeMutableRawBufferPointer(packet))
      }
    }
  }
}

/// How utterances are encoded.
public struct OpusSettings: Sendable, Hashable {
  /// Bits per second, 6000 … 128 000.
  public var bitRate: Int
  /// libopus' effort, 0 … 10.
  public var complexity: Int
  /// Share of packets expected to be lost, 0 … 100. Above 0 every packet also carries a coarse copy of the one before it.
  public var expectedLossPercent: Int

  /// The defaults suit speech at 16 kHz over a transport that loses nothing, as WebSocket over TCP.
  public init(bitRate: Int = 24000, complexity: Int = 5, expectedLossPercent: Int = 0) {
    self.bitRate = min(max(bitRate, 6000), 128_000)
    self.complexity = min(max(complexity, 0), 10)
    self.expectedLossPercent = min(max(expectedLossPercent, 0), 100)
  }
}
