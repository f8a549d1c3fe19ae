import CallCore
import JSON
import Wires

/// Messages of a bot behind a telephone provider, one a line: the first byte chooses the provider, a line that begins with `B` is binary, with
/// `T` lets time pass. The caller speaks and presses a key between two of them.
final class BotMessageTarget: FuzzTarget {
  static let name = "bot-messages"

  private static let wires = CallWire.telephony

  func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let first = input.bytes(until: UInt8(ascii: "\n"))
    let wire = Self.wires[Int(first.first ?? 0) % Self.wires.count]
    let call = ProviderCall(wire, number: UInt64(first.count))
    for (index, line) in input.remainder().split(separator: UInt8(ascii: "\n")).enumerated() {
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
private final class ProviderCall {
  private let side: TelephonyPlatformSide
  private var queue: PlayoutQueue
  private var now = Timestamp.zero
  private var cleared = 0

  init(_ wire: CallWire, number: UInt64) {
    let call = TelephonyCall(number: number, parameters: ["flow": "appointment"])
    guard let side = TelephonyPlatformSide(wire, call) else { fatalError("\(wire) has a provider's side") }
    self.side = side
    queue = PlayoutQueue(side.format)
    side.begin(check)
  }

  func receive(_ frame: [UInt8], isText: Bool) {
    let (bytes, clears) = (queue.queuedBytes, cleared)
    frame.withUnsafeBytes { side.receive($0, isText: isText, at: now, into: &queue, check, handle) }
    require(queue.queuedMarks <= PlayoutQueue.marksMax, "marks are bounded")
    require(queue.queuedBytes <= bytes + frame.count, "a message brings no more audio than it has bytes")
    require(cleared == clears || (queue.queuedBytes, queue.queuedMarks) == (0, 0), "nothing is left of what is cleared")
  }

  func pass(frames: Int) {
    for _ in 0..<frames {
      side.advance(at: now, into: &queue, check, handle)
      queue.play(until: now) { mark, start in
        side.reached(mark, at: start, check, handle)
      } play: { frame, _ in
        require(frame.map { $0.count == packetBytes } ?? true, "what is played has 20 ms")
      }
      now = now + .milliseconds(20)
    }
  }

  func say(_ index: Int) {
    [UInt8](repeating: 7, count: packetBytes).withUnsafeBytes { packet in
      side.send(packet, number: UInt32(index)) { frame in
        if frame.isText { check(String(decoding: Array(frame.header) + Array(frame.payload), as: UTF8.self)) }
        return index % 7 != 6
      }
    }
    if index % 5 == 4, let key = Key("5") { side.send(key, check) }
  }

  func end() {
    side.end(check)
    _ = side.closed(code: 1000, reason: "")
    side.finish(at: now, of: queue, handle)
    let findings = side.findings
    require(Set(findings.map(\.code)).count == findings.count, "each finding is told once")
    require(findings.allSatisfy { $0.text.utf8.count < 4096 }, "findings are short")
  }

  private var packetBytes: Int { side.format.sampleRate / 50 * (side.format.codec == .pcm16 ? 2 : 1) }

  private func check(_ text: String) { require((try? JSONValue(parsing: text)) != nil, "what is sent is JSON") }

  private func handle(_ event: PlatformEvent) {
    require(event == .cleared, "a telephone tells of nothing but what was cleared")
    cleared += 1
  }
}
