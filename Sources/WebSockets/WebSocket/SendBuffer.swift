import Bounds
import CLibwebsockets

/// The loop's one buffer for outgoing frames, with the room libwebsockets needs in front of the payload.
final class SendBuffer {
  let capacity: Int
  private let memory: UnsafeMutableRawPointer
  private let payload: UnsafeMutableRawPointer

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
    precondition(header.count + body.count <= capacity, "what is sent at once must fit binarySendBytesMax")
    if let start = header.baseAddress { payload.copyMemory(from: start, byteCount: header.count) }
    if let start = body.baseAddress { (payload + header.count).copyMemory(from: start, byteCount: body.count) }
    return send(payload, header.count + body.count, kind, to: wsi)
  }

  /// - Returns: false when the connection is broken.
  func write(_ text: String, to wsi: OpaquePointer) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      if bytes.count <= capacity {
        return write(
          UnsafeRawBufferPointer(start: nil, count: 0), UnsafeRawBufferPointer(bytes), as: LWS_WRITE_TEXT, to: wsi)
      }
      let large = UnsafeMutableRawPointer.allocate(byteCount: vf_lws_pre() + bytes.count, alignment: 16)
      defer { large.deallocate() }
      if let start = bytes.baseAddress { (large + vf_lws_pre()).copyMemory(from: start, byteCount: bytes.count) }
      return send(large + vf_lws_pre(), bytes.count, LWS_WRITE_TEXT, to: wsi)
    }
  }

  private func send(
    _ start: UnsafeMutableRawPointer, _ count: Int, _ kind: lws_write_protocol, to wsi: OpaquePointer
  ) -> Bool {
    lws_write(wsi, start.assumingMemoryBound(to: UInt8.self), count, kind) >= 0
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
