import CallCore
import CallDriver
import RemoteServices
import TestSupport
import Testing

@Suite("Spans that wait to be sent")
struct SpanQueueTests {
  private static func call(_ number: Int, bytes: Int = 1) -> [UInt8] {
    Array(repeating: UInt8(number % 251), count: bytes)
  }

  @Test("are taken in their order, as many as a request holds")
  func order() {
    var queue = SpanQueue()
    let areTaken = (0..<300).map { queue.append(Self.call($0)) }
    #expect(areTaken.allSatisfy { $0 })
    #expect(queue.isBatchFull)
    let first = queue.takeBatch()
    #expect(first == (0..<SpanQueue.batchCallsMax).map { Self.call($0) })
    #expect(!queue.isBatchFull)
    let (second, third) = (queue.takeBatch(), queue.takeBatch())
    #expect(second.count == 300 - SpanQueue.batchCallsMax && third.isEmpty && queue.bytes == 0)
  }

  @Test("of more calls than there are places are lost, the newest first")
  func callsMax() {
    var queue = SpanQueue()
    let areTaken = (0...SpanQueue.callsMax).map { queue.append(Self.call($0)) }
    #expect(areTaken.dropLast().allSatisfy { $0 } && areTaken.last == false)
    #expect(queue.calls.first == Self.call(0) && queue.calls.count == SpanQueue.callsMax)
    _ = queue.takeBatch()
    let isTaken = queue.append(Self.call(7))
    #expect(isTaken)
  }

  @Test("have bytes that are limited, too")
  func bytesMax() {
    var queue = SpanQueue()
    let large = Self.call(1, bytes: SpanQueue.bytesMax / 2)
    let areTaken = [large, large, Self.call(2)].map { queue.append($0) }
    #expect(areTaken == [true, true, false] && queue.bytes == SpanQueue.bytesMax)
    // A call that is larger than a request is one of its own.
    let first = queue.takeBatch()
    let isTaken = queue.append(Self.call(2))
    let (second, third) = (queue.takeBatch(), queue.takeBatch())
    #expect(first == [large] && isTaken && second == [large] && third == [Self.call(2)] && queue.bytes == 0)
  }

  @Test("of a sender without a thread are lost and counted")
  func notStarted() throws {
    let sender = SpanSender(try SpanCollector(url: "http://127.0.0.1:9/v1/traces")) { _ in }
    let context = SpanContext(parent: nil, trace: TraceID(drawn: 1, 2), seed: 5, isSampled: true)
    sender.export(CallSpans(of: SampleRecord.call, in: context, showsWords: false))
    sender.countLost()
    #expect(sender.figures.lost == [.stopped: 1, .full: 1])
    sender.stop()
    #expect(sender.figures.lost == [.stopped: 1, .full: 1] && sender.figures.waiting == 0)
  }
}
