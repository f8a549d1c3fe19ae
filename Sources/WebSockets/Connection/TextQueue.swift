import CLibwebsockets

/// Text waiting until its peer reads; bounded by bytes and by messages.
struct TextQueue {
  private let bytesMax: Int
  private let countMax: Int
  private var messages: [[UInt8]] = []
  private var head = 0
  private var bytes = 0

  init(bytesMax: Int, countMax: Int) {
    self.bytesMax = bytesMax
    self.countMax = countMax
  }

  var isEmpty: Bool { head == messages.count }

  /// - Returns: false when it does not fit; the queue is unchanged then.
  mutating func append(_ text: String) -> Bool {
    let length = text.utf8.count
    guard messages.count - head < countMax, bytes + length <= bytesMax else { return false }
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
    guard head < messages.count else { return nil }
    let message = messages[head]
    messages[head] = []
    head += 1
    bytes -= message.count - vf_lws_pre()
    if head == messages.count {
      messages.removeAll(keepingCapacity: messages.count <= 16)
      head = 0
    } else if head > countMax {
      messages.removeFirst(head)
      head = 0
    }
    return message
  }

  mutating func removeAll() {
    messages = []
    head = 0
    bytes = 0
  }
}
