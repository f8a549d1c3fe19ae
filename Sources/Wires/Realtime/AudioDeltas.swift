import CallCore
import JSON

/// Audio of the agent as `response.output_audio.delta`, in a buffer that is there already.
final class AudioDeltas {
  /// Digits of an event's number, always as many, so that only they change from one to the next.
  private static let digits = 10
  private static let tail = Array("\"}".utf8)
  /// Room for what stands before the audio; ids have at most 64 bytes.
  private static let headBytesMax = 512

  private let message: UnsafeMutableRawBufferPointer
  private var headBytes = 0
  private var numberEnd = 0

  init(packetBytes: Int) {
    message = .allocate(
      byteCount: Self.headBytesMax + Base64.textBytes(of: packetBytes) + Self.tail.count, alignment: 8)
  }

  deinit { message.deallocate() }

  /// The deltas that follow belong to this response.
  func begin(response: String, item: String) {
    let number = String(repeating: "0", count: Self.digits)
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("event_id", "event_\(number)")
      writer.field("type", "response.output_audio.delta")
      writer.field("response_id", response)
      writer.field("item_id", item)
      writer.field("output_index", 0)
      writer.field("content_index", 0)
      writer.field("delta", "")
    }
    let head = writer.bytes.dropLast(Self.tail.count)
    precondition(head.count <= Self.headBytesMax, "ids are our own, and short")
    headBytes = head.count
    numberEnd = #"{"event_id":"event_"#.utf8.count + Self.digits
    message.copyBytes(from: head)
  }

  /// - Parameters:
  ///   - audio: a packet.
  ///   - number: of the event.
  /// - Returns: the message, valid until the next one.
  func message(_ audio: UnsafeRawBufferPointer, number: Int) -> UnsafeRawBufferPointer {
    var rest = number
    for place in 1...Self.digits {
      message[numberEnd - place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    let text = Base64.encode(audio, into: UnsafeMutableRawBufferPointer(rebasing: message[headBytes...]))
    UnsafeMutableRawBufferPointer(rebasing: message[(headBytes + text)...]).copyBytes(from: Self.tail)
    return UnsafeRawBufferPointer(rebasing: message[..<(headBytes + text + Self.tail.count)])
  }
}
