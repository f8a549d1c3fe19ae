import COgg
import CallCore
import CallDriver

/// Writes mono speech as Opus in an Ogg container (RFC 7845), one packet of 20 ms after the other, with a page at the end of each
/// piece so that it can be sent at once.
final class OggOpusWriter: SoundWriter {
  /// 32 kbit/s: speech of 12 kHz bandwidth without audible loss.
  private static let settings = OpusSettings(bitRate: 32_000)
  /// Positions in the file are counted at this rate, whatever the encoder's (RFC 7845, 4).
  private static let positionRate = 48_000
  /// Any number: a file holds one stream.
  private static let serial: Int32 = 1

  private let encoder: OpusEncoder
  private let stream: UnsafeMutablePointer<ogg_stream_state>
  private let sampleRate: Int
  private var pending: [Int16] = []
  private var samplesTaken = 0
  private var framesWritten = 0
  private var packetNumber: Int64 = 0
  private var isBegun = false

  /// - Parameter sampleRate: 8000, 12000, 16000, 24000 or 48000.
  init(sampleRate: Int) throws(EngineError) {
    encoder = try OpusEncoder(sampleRate: sampleRate, settings: Self.settings)
    self.sampleRate = sampleRate
    stream = .allocate(capacity: 1)
    stream.initialize(to: ogg_stream_state())
    guard ogg_stream_init(stream, Self.serial) == 0 else {
      throw .library(function: "ogg_stream_init", code: -1)
    }
  }

  deinit {
    ogg_stream_clear(stream)
    stream.deallocate()
  }

  func append(_ speech: PCMBuffer) throws(EngineError) -> [UInt8] {
    precondition(speech.sampleRate == sampleRate, "speech comes at the file's rate")
    var bytes = try head()
    pending += speech.samples
    samplesTaken += speech.samples.count
    let frame = sampleRate / MediaFrame.perSecond
    let whole = pending.count / frame
    for index in 0..<whole { try encode(pending[(index * frame)..<((index + 1) * frame)], isLast: false) }
    pending.removeFirst(whole * frame)
    bytes += pages()
    return bytes
  }

  /// Also what lags behind by the encoder's lookahead; the file's last position cuts off the padding.
  func finish() throws(EngineError) -> [UInt8] {
    var bytes = try head()
    let frame = sampleRate / MediaFrame.perSecond
    let frames = (pending.count + encoder.lookahead + frame - 1) / frame
    pending += [Int16](repeating: 0, count: frames * frame - pending.count)
    for index in 0..<frames {
      try encode(pending[(index * frame)..<((index + 1) * frame)], isLast: index + 1 == frames)
    }
    pending = []
    bytes += pages()
    return bytes
  }

  // MARK: - Packets

  private func position(_ samples: Int) -> Int { samples * Self.positionRate / sampleRate }

  private func encode(_ samples: ArraySlice<Int16>, isLast: Bool) throws(EngineError) {
    var packet = [UInt8](repeating: 0, count: OpusEncoder.packetBytesMax)
    let count = try encoder.encode(samples, into: &packet)
    framesWritten += 1
    let end = isLast ? position(samplesTaken + encoder.lookahead) : position(framesWritten * samples.count)
    try add(Array(packet[..<count]), position: end, isLast: isLast)
  }

  /// The two packets in front, each on a page of its own (RFC 7845, 5); empty when they were written.
  private func head() throws(EngineError) -> [UInt8] {
    guard !isBegun else { return [] }
    isBegun = true
    let skip = UInt16(clamping: position(encoder.lookahead))
    let rate = UInt32(sampleRate)
    let head =
      Array("OpusHead".utf8) + [1, 1] + skip.littleEndianBytes + rate.littleEndianBytes + UInt16(0).littleEndianBytes
      + [0]
    try add(head, position: 0, isLast: false)
    var bytes = pages()
    let vendor = Array("VoiceForge".utf8)
    let tags = Array("OpusTags".utf8) + UInt32(vendor.count).littleEndianBytes + vendor + UInt32(0).littleEndianBytes
    try add(tags, position: 0, isLast: false)
    bytes += pages()
    return bytes
  }

  private func add(_ bytes: [UInt8], position: Int, isLast: Bool) throws(EngineError) {
    var bytes = bytes
    let code = bytes.withUnsafeMutableBufferPointer { buffer in
      var packet = ogg_packet()
      packet.packet = buffer.baseAddress
      packet.bytes = buffer.count
      packet.b_o_s = packetNumber == 0 ? 1 : 0
      packet.e_o_s = isLast ? 1 : 0
      packet.granulepos = ogg_int64_t(position)
      packet.packetno = packetNumber
      return ogg_stream_packetin(stream, &packet)
    }
    packetNumber += 1
    guard code == 0 else { throw .library(function: "ogg_stream_packetin", code: Int(code)) }
  }

  /// Everything that was added, on pages.
  private func pages() -> [UInt8] {
    var bytes: [UInt8] = []
    var page = ogg_page()
    while ogg_stream_flush(stream, &page) != 0 {
      bytes += UnsafeBufferPointer(start: page.header, count: page.header_len)
      bytes += UnsafeBufferPointer(start: page.body, count: page.body_len)
    }
    return bytes
  }
}
