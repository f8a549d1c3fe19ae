/// Calls whose spans wait to be sent, each as it is written in a request, the oldest first.
package struct SpanQueue: Sendable {
  /// Most calls that wait: those of two minutes at 17 a second.
  package static let callsMax = 2048
  /// Most bytes that wait. A call of ten turns has some 20 KB.
  package static let bytesMax = 32 << 20
  /// Most bytes of one request, unless one call has more: collectors take 4 MB and more.
  package static let batchBytesMax = 1 << 20
  /// Most calls of one request.
  package static let batchCallsMax = 256

  /// What waits.
  package private(set) var calls: [[UInt8]] = []
  /// Of all that waits.
  package private(set) var bytes = 0

  /// Nothing waits.
  package init() {}

  /// Adds a call. What came before is kept: it is nearer to being sent.
  /// - Returns: false when there is no place for it.
  package mutating func append(_ call: [UInt8]) -> Bool {
    guard calls.count < Self.callsMax, bytes + call.count <= Self.bytesMax else { return false }
    calls.append(call)
    bytes += call.count
    return true
  }

  /// Whether a request is full.
  package var isBatchFull: Bool { calls.count >= Self.batchCallsMax || bytes >= Self.batchBytesMax }

  /// Takes what fits into one request; at least one call, where there is any.
  package mutating func takeBatch() -> [[UInt8]] {
    var (count, size) = (0, 0)
    while count < min(calls.count, Self.batchCallsMax), count == 0 || size + calls[count].count <= Self.batchBytesMax {
      size += calls[count].count
      count += 1
    }
    defer {
      calls.removeFirst(count)
      bytes -= size
    }
    return Array(calls.prefix(count))
  }
}
