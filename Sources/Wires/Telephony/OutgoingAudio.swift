import CallCore
import JSON

/// Audio of the agent on its way out: packets as messages of the provider's kind, in a buffer that is there already.
final class OutgoingAudio {
  private let isBinary: Bool
  private let messageBytes: Int
  private let silence: UInt8
  private let head: [UInt8]
  private let payload: UnsafeMutableRawBufferPointer
  private let message: UnsafeMutableRawBufferPointer
  private var fill = 0
  private var utterance: UtteranceID?

  private static let tail = Array("\"}}".utf8)

  init(_ dialect: TelephonyDialect, streamID: String, _ format: AudioFormat) {
    isBinary = dialect.isBinary
    messageBytes = format.packetBytes * dialect.packetsPerMessage
    silence = format.silence
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

  /// Drops what waits.
  func removeAll() { fill = 0 }

  /// - Returns: false when the packet could not be sent; nothing of it is kept then.
  func send(_ packet: AgentPacket, _ write: (WireFrame) -> Bool) -> Bool {
    guard !isBinary else { return write(.binary(packet.bytes)) }
    // What is left of one that broke off is not said with the next.
    if utterance != packet.utterance { (utterance, fill) = (packet.utterance, 0) }
    let before = fill
    let count = min(packet.bytes.count, messageBytes - fill)
    UnsafeMutableRawBufferPointer(rebasing: payload[fill...]).copyBytes(from: packet.bytes[..<count])
    fill += count
    guard fill == messageBytes || packet.end != .nothing else { return true }
    for index in fill..<messageBytes { payload[index] = silence }
    let text = Base64.encode(
      UnsafeRawBufferPointer(payload), into: UnsafeMutableRawBufferPointer(rebasing: message[head.count...]))
    UnsafeMutableRawBufferPointer(rebasing: message[(head.count + text)...]).copyBytes(from: Self.tail)
    let isSent = write(.text(UnsafeRawBufferPointer(message)))
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
          writer.field("contentType", TelephonyDialect.contentType(of: format.codec))
          writer.field("sampleRate", format.sampleRate)
        }
        writer.field("payload", "")
      }
    }
    return writer.bytes.dropLast(tail.count)
  }
}
