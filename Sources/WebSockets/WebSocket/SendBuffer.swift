import Bounds
import CLibwebsockets

/// The loop's one buffer for outgoing frames, with the room libwebsockets needs in front of the payload.
final class SendBuffer {
  let capacity: Int
  private let memory: UnsafeMutableRawPointer
  private let payload: UnsafeMutableRawPointer
  private var masks = FrameMasks()

  init(capacity: Int) {
    self.capacity = capacity
    memory = .allocate(byteCount: vf_lws_pre() + capacity, alignment: 16)
    payload = memory + vf_lws_pre()
  }

  deinit { memory.deallocate() }

  /// Writes `header` and `body` as one piece that fits `capacity`.
  /// - Returns: false when the connection is broken.
  func write(
    _ header: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, as kind: lws_write_protocol, to wsi: OpaquePointer
  ) -> Bool {
    send(payload, gather(header, body), kind, to: wsi)
  }

  /// Writes `header` and `body` as one message that fits `capacity`.
  /// - Returns: false when the connection is broken.
  func write(
    _ header: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, as kind: MessageKind, from end: WebSocketEnd,
    to wsi: OpaquePointer
  ) -> Bool {
    send(payload, gather(header, body), kind, from: end, to: wsi)
  }

  /// Writes a message of text, of any length.
  /// - Returns: false when the connection is broken.
  func write(_ text: String, from end: WebSocketEnd, to wsi: OpaquePointer) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      if bytes.count <= capacity {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        return write(none, UnsafeRawBufferPointer(bytes), as: .text, from: end, to: wsi)
      }
      let large = UnsafeMutableRawPointer.allocate(byteCount: vf_lws_pre() + bytes.count, alignment: 16)
      defer { large.deallocate() }
      if let start = bytes.baseAddress { (large + vf_lws_pre()).copyMemory(from: start, byteCount: bytes.count) }
      return send(large + vf_lws_pre(), bytes.count, .text, from: end, to: wsi)
    }
  }

  private func gather(_ header: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) -> Int {
    precondition(header.count + body.count <= capacity, "what is sent at once must fit binarySendBytesMax")
    if let start = header.baseAddress { payload.copyMemory(from: start, byteCount: header.count) }
    if let start = body.baseAddress { (payload + header.count).copyMemory(from: start, byteCount: body.count) }
    return header.count + body.count
  }

  private func send(
    _ start: UnsafeMutableRawPointer, _ count: Int, _ kind: MessageKind, from end: WebSocketEnd, to wsi: OpaquePointer
  ) -> Bool {
    switch end {
    case .server: return send(start, count, kind.inLibrary, to: wsi)
    case .client:
      guard let mask = masks.next() else { return false }
      let header = ClientFrame.wrap(start, count, opcode: kind.rawValue, mask: mask)
      let frame = (start - header).assumingMemoryBound(to: UInt8.self)
      return vf_lws_write_raw(wsi, frame, header + count) >= 0
    }
  }

  private func send(
    _ start: UnsafeMutableRawPointer, _ count: Int, _ kind: lws_write_protocol, to wsi: OpaquePointer
  ) -> Bool {
    lws_write(wsi, start.assumingMemoryBound(to: UInt8.self), count, kind) >= 0
  }
}

/// Which end of a WebSocket writes: a client masks what it sends.
enum WebSocketEnd {
  case client
  case server
}

/// What a message is, as frames say it (RFC 6455, section 5.2).
enum MessageKind: UInt8 {
  case text = 1
  case binary = 2

  fileprivate var inLibrary: lws_write_protocol {
    switch self {
    case .text: LWS_WRITE_TEXT
    case .binary: LWS_WRITE_BINARY
    }
  }
}

/// Text waiting until its peer reads; bounded by bytes and by messages.
struct TextQueue {
  private let bytesMax: Int
  private let countMax: Int
  private var messages = Queue<[UInt8]>()
  private var bytes = 0

  init(bytesMax: Int, countMax: Int) {
    self.bytesMax = bytesMax
    self.countMax = countMax
  }

  var isEmpty: Bool { messages.isEmpty }

  /// - Returns: false when it does not fit; the queue is unchanged then.
  mutating func append(_ text: String) -> Bool {
    let length = text.utf8.count
    guard messages.count < countMax, bytes + length <= bytesMax else { return false }
    var message = [UInt8]()
    message.reserveCapacity(vf_lws_pre() + length)
    message.append(contentsOf: repeatElement(0, count: vf_lws_pre()))
    message.append(contentsOf: text.utf8)
    messages.append(message)
    bytes += length
    return true
  }

  /// The oldest message, behind `LWS_PRE` free bytes.
  mutating func takeFirst() -> [UInt8]? {
    guard let message = messages.popFirst() else { return nil }
    bytes -= message.count - vf_lws_pre()
    return message
  }

  mutating func removeAll() {
    messages = Queue()
    bytes = 0
  }
}
