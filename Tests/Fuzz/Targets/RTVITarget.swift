import CallCore
import JSON
import Wires

/// Messages of a bot's eval door, one a line; a line that begins with `B` is binary, with `T` lets time pass. The caller says something and
/// presses a key between two of them.
final class RTVITarget: FuzzTarget {
  static let name = "rtvi"

  func run(_ bytes: [UInt8]) {
    let call = RTVICallUnderTest()
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      switch line.first {
      case UInt8(ascii: "T"): call.pass(frames: line.count)
      case UInt8(ascii: "B"): call.receive(Array(line.dropFirst()), isText: false)
      default: call.receive(Array(line), isText: true)
      }
      call.say(index)
    }
    call.end()
  }
}

/// One call, and what must hold of it.
private final class RTVICallUnderTest {
  private let side = RTVIPlatformSide()
  private var queue = PlayoutQueue(RTVIPlatformSide.format)
  private var now = Timestamp.zero
  private var begun: Set<Int> = []
  private var tools = 0

  init() { side.begin(write) }

  func receive(_ frame: [UInt8], isText: Bool) {
    frame.withUnsafeBytes { side.receive($0, isText: isText, at: now, into: &queue, write, handle) }
  }

  func pass(frames: Int) {
    for _ in 0..<frames {
      side.advance(at: now, into: &queue, write, handle)
      queue.play(until: now) { mark, start in
        side.reached(mark, at: start, write, handle)
      } play: { frame, _ in
        require(frame.map { $0.count == 640 } ?? true, "what is played has 20 ms")
      }
      now = now + .milliseconds(20)
    }
  }

  func say(_ index: Int) {
    [UInt8](repeating: 7, count: 640).withUnsafeBytes { packet in
      side.send(packet, number: UInt32(index)) { frame in
        require(frame.isText && isJSON(Array(frame.header) + Array(frame.payload)), "what is sent is JSON")
        return index % 7 != 6
      }
    }
    if index % 5 == 4, let key = Key("5") { side.send(key, write) }
  }

  func end() {
    side.end(write)
    _ = side.closed(code: 1000, reason: "")
    side.finish(at: now, of: queue, handle)
    require(side.findings.count <= 32, "a finding is told once")
  }

  private func write(_ text: String) { require(isJSON(Array(text.utf8)), "what is sent is JSON") }

  private func handle(_ event: PlatformEvent) {
    switch event {
    case .told(.agent(let news)):
      require(news.heard >= .zero, "what was heard is no less than nothing")
      if news.state == .started {
        require(begun.insert(news.utterance.number).inserted, "an utterance begins once")
      } else {
        require(begun.contains(news.utterance.number), "an utterance ends behind its beginning")
      }
    case .calledTool:
      tools += 1
      require(tools <= 256, "the calls of tools are bounded")
    default: break
    }
  }

  private func isJSON(_ bytes: [UInt8]) -> Bool { (try? JSONValue(parsing: bytes)) != nil }
}
