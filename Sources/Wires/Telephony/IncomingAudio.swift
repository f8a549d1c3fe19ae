import CallCore
import JSON

/// Audio of a provider's caller on its way in: Base64 to packets of 20 ms, numbered over gaps.
final class IncomingAudio {
  private var assembler: FrameAssembler
  private let payload = UnsafeMutableRawBufferPointer.allocate(
    byteCount: Base64.payloadBytesMax(of: TelephonyApplicationSide.messageBytesMax), alignment: 8)
  private var sequence: UInt32 = 0
  private var nextChunk: UInt64?

  /// Most missing packets that are counted as a gap; more than that is a provider that began to count anew.
  private static let gapMax: UInt64 = 3000

  init(_ format: AudioFormat) { assembler = FrameAssembler(packetBytes: format.packetBytes) }

  deinit { payload.deallocate() }

  /// - Parameters:
  ///   - chunk: the provider's number of the message, where it has one.
  ///   - milliseconds: the provider's clock, where it has one.
  /// - Returns: false when `text` is not Base64.
  func receive(
    text: UnsafeRawBufferPointer, chunk: UInt64?, milliseconds: UInt64?, _ handle: (WireEvent) -> Void
  ) -> Bool {
    guard let count = Base64.decode(text, into: payload) else { return false }
    guard isInOrder(chunk, isOnePacket: count == assembler.packetBytes) else { return true }
    receive(UnsafeRawBufferPointer(rebasing: payload[..<count]), milliseconds: milliseconds, handle)
    return true
  }

  /// Takes in audio as it is.
  func receive(_ audio: UnsafeRawBufferPointer, milliseconds: UInt64? = nil, _ handle: (WireEvent) -> Void) {
    var stamp = milliseconds.map { $0 &* 1000 }
    assembler.append(audio) { packet in
      handle(.audio(packet, sequence: sequence, stamp: stamp))
      sequence &+= 1
      stamp = stamp.map { $0 &+ 20_000 }
    }
  }

  /// Counts what is missing before a message. One that came before, or too late, is left out.
  private func isInOrder(_ chunk: UInt64?, isOnePacket: Bool) -> Bool {
    guard let chunk else { return true }
    defer { nextChunk = max(chunk &+ 1, nextChunk ?? 0) }
    guard let nextChunk, chunk != nextChunk else { return true }
    if chunk < nextChunk {
      guard nextChunk - chunk > Self.gapMax else { return false }
      self.nextChunk = chunk
    } else if isOnePacket, chunk - nextChunk <= Self.gapMax {
      sequence &+= UInt32(chunk - nextChunk)
    }
    return true
  }
}

/// Audio of the agent on its way out: packets as messages of the provider's kind, in a buffer that is there already.
final class OutgoingAudio {
  private let isBinary: Bool
  private let messageBytes: Int
  private let silence: UInt8
  private let head: [UInt8]
  private let payload: UnsafeMutableRawBufferPointer
  private let message: UnsafeMutableRawBufferPointer
  private var fill = 0

  private static let tail = Array("\"}}".utf8)

  init(_ dialect: TelephonyDialect, streamID: String, _ format: AudioFormat) {
    isBinary = dialect.isBinary
    messageBytes = format.packetBytes * dialect.packetsPerMessage
    silence = format.codec == .mulaw ? 0xFF : 0
    head = Self.head(dialect, streamID, format)
    payload = .allocate(byteCount: messageBytes, alignment: 8)
    message = .allocate(
      byteCount: head.count + Base64.textBytes(of: messageBytes) + Self.tail.count, alignment: 8)
    message.copyBytes(from: head)
  }

  deinit {
    payload.deallocate()
    message.deallocate()
  }

  /// Whether nothing waits for the rest of its message.
  var isEmpty: Bool { fill == 0 }

  /// Drops what waits.
  func removeAll() { fill = 0 }

  /// - Returns: false when the packet could not be sent; nothing of it is kept then.
  func send(_ packet: AgentPacket, _ write: (WireFrame) -> Bool) -> Bool {
    let none = UnsafeRawBufferPointer(start: nil, count: 0)
    guard !isBinary else { return write(WireFrame(isText: false, header: none, payload: packet.bytes)) }
    let before = fill
    let count = min(packet.bytes.count, messageBytes - fill)
    UnsafeMutableRawBufferPointer(rebasing: payload[fill...]).copyBytes(from: packet.bytes[..<count])
    fill += count
    guard fill == messageBytes || packet.end == .utterance else { return true }
    for index in fill..<messageBytes { payload[index] = silence }
    let text = Base64.encode(
      UnsafeRawBufferPointer(payload), into: UnsafeMutableRawBufferPointer(rebasing: message[head.count...]))
    UnsafeMutableRawBufferPointer(rebasing: message[(head.count + text)...]).copyBytes(from: Self.tail)
    let isSent = write(WireFrame(isText: true, header: UnsafeRawBufferPointer(message), payload: none))
    fill = isSent ? 0 : before
    return isSent
  }

  /// What stands before the audio in each message.
  private static func head(_ dialect: TelephonyDialect, _ streamID: String, _ format: AudioFormat) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("event", dialect.mediaEvent)
      if dialect.namesStream, let key = dialect.streamKey { writer.field(key, streamID) }
      writer.object("media") { writer in
        if dialect.mediaEvent == "playAudio" {
          writer.field("contentType", format.codec == .mulaw ? "audio/x-mulaw" : "audio/x-l16")
          writer.field("sampleRate", format.sampleRate)
        }
        writer.field("payload", "")
      }
    }
    return writer.bytes.dropLast(tail.count)
  }
}

extension AudioFormat {
  /// Bytes of 20 ms, where packets are samples.
  var packetBytes: Int { sampleRate / 50 * (codec == .mulaw ? 1 : 2) }
}
