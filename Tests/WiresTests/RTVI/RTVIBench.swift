import CallCore
import Wires

/// A caller's end of a bot's eval door, with its play-out, without time: what goes in and what comes out, as texts.
final class RTVIBench {
  let side = RTVIPlatformSide()
  private var queue = PlayoutQueue(RTVIPlatformSide.format)
  /// What the bot was sent.
  private(set) var written: [String] = []
  /// What the caller learned.
  private(set) var events: [String] = []
  /// What was played, frame by frame; silence where nothing was.
  private(set) var track: [Int16] = []
  private(set) var now = Timestamp.zero

  var queuedBytes: Int { queue.queuedBytes }
  var findings: [String] { side.findings.map { "\($0.code)" } }

  func clear() { (written, events) = ([], []) }

  /// One that has said `bot-ready`.
  static func ready() -> RTVIBench {
    let bench = RTVIBench()
    bench.side.begin { _ in }
    bench.tell("bot-ready", #"{"version":"2.2.0","about":{"library":"pipecat-ai"}}"#)
    return bench
  }

  // MARK: - To the bot

  func begin() { side.begin { written.append($0) } }
  func end() { side.end { written.append($0) } }
  func press(_ key: Key) { side.send(key) { written.append($0) } }
  func type(_ text: String) { side.send(text: text) { written.append($0) } }

  func send(_ packet: [UInt8], number: UInt32, isTaken: Bool = true) {
    packet.withUnsafeBytes { bytes in
      side.send(bytes, number: number) { frame in
        written.append(String(decoding: Array(frame.header) + Array(frame.payload), as: UTF8.self))
        return isTaken
      }
    }
  }

  // MARK: - From the bot

  /// A message of a kind, without data or with.
  func tell(_ type: String, _ data: String? = nil) {
    receive(#"{"label":"rtvi-ai","type":"\#(type)"\#(data.map { ",\"data\":\($0)" } ?? "")}"#)
  }

  func receive(_ text: String) { receive(Array(text.utf8)) }

  func receive(_ frame: [UInt8], isText: Bool = true) {
    frame.withUnsafeBytes { bytes in
      side.receive(bytes, isText: isText, at: now, into: &queue, { written.append($0) }, learn)
    }
  }

  /// Audio as Pipecat writes it, with a blank behind each colon.
  func receive(_ samples: [Int16], rate: Int) {
    let bytes = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    receive(
      #"{"label": "rtvi-ai", "type": "eval-bot-audio", "data": {"audio": "\#(base64(bytes))", "sampleRate": \#(rate)}}"#
    )
  }

  // MARK: - Time

  /// So much time passes, in whole frames.
  func pass(_ milliseconds: Int) {
    for _ in 0..<(milliseconds / 20) {
      side.advance(at: now, into: &queue, { written.append($0) }, learn)
      queue.play(until: now) { mark, start in
        side.reached(mark, at: start, { written.append($0) }, learn)
      } play: { frame, _ in
        guard let frame else { return track += [Int16](repeating: 0, count: 320) }
        precondition(frame.count == 640, "20 ms at 16 kHz")
        track += frame.bindMemory(to: Int16.self)
      }
      now = now + .milliseconds(20)
    }
  }

  func finish() { side.finish(at: now, of: queue, learn) }

  private func learn(_ event: PlatformEvent) { events.append(Self.text(of: event)) }

  private static func text(of event: PlatformEvent) -> String {
    switch event {
    case .cleared: "cleared"
    case .finished: "done"
    case .says(let text): "says \(text)"
    case .calledTool(let call): "tool \(call.name) \(call.arguments)"
    case .told(.speech(let isStart, let at)): "caller \(isStart ? "speaks" : "stops") at \(at.milliseconds)"
    case .told(.transcript(let news)): "caller \(news.turn.number) at \(news.at.milliseconds): \(news.text)"
    case .told(.agent(let news)):
      "\(news.state) \(news.utterance.number)/\(news.turn.number) \(news.heard.milliseconds) ms: \(news.playedText)"
    case .told(.error(let code, let text, let isFatal)): "\(isFatal ? "fatal" : "error") \(code): \(text)"
    case .told(let other): "\(other)"
    }
  }
}

/// Base64, written down once more for the tests.
func base64(_ bytes: [UInt8]) -> String {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  var text = ""
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for place in 0...group.count { text.append(letters[bits >> (18 - 6 * place) & 63]) }
    text += String(repeating: "=", count: 3 - group.count)
  }
  return text
}
