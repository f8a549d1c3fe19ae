import CallCore
import JSON
import Testing
import Wires

/// The client's side of the Realtime protocol in virtual time: what a server sends, what the caller hears, and what the server is told.
final class CallerBench {
  let side: RealtimePlatformSide
  private(set) var queue: PlayoutQueue
  /// What the server was told, audio left out, and the packets of the caller.
  private(set) var written: [JSONValue] = []
  private(set) var appended: [String] = []
  /// What the caller learned, with the millisecond.
  private(set) var events: [String] = []
  private(set) var toolCalls: [ToolCall] = []
  /// Frames in which something was played.
  private(set) var framesPlayed = 0
  private(set) var milliseconds = 0
  private var eventCount = 0

  /// Bytes of 20 ms.
  static let frame = 960

  init(_ settings: RealtimeCallSettings = RealtimeCallSettings(), begins: Bool = true) {
    side = RealtimePlatformSide(settings)
    queue = PlayoutQueue(side.format)
    guard begins else { return }
    begin()
    say("session.created", #""session":{"type":"realtime"}"#)
    say("session.updated", #""session":{"type":"realtime"}"#)
    written = []
  }

  var now: Timestamp { .zero + .milliseconds(milliseconds) }
  var codes: [String] { side.findings.map { "\($0.code)" } }
  var types: [String] { written.map { $0.text(at: "type") ?? "?" } }

  func begin() {
    var news: [JSONValue] = []
    side.begin { news.append((try? JSONValue(parsing: $0)) ?? .string($0)) }
    written += news
  }

  /// The server sends an event.
  func say(_ type: String, _ members: String = "", hasID: Bool = true) {
    eventCount += 1
    let id = hasID ? #","event_id":"event_\#(eventCount)""# : ""
    receive(#"{"type":"\#(type)"\#(id)\#(members.isEmpty ? "" : ",")\#(members)}"#)
  }

  func receive(_ text: String, isText: Bool = true) {
    var (told, learned): ([JSONValue], [PlatformEvent]) = ([], [])
    Array(text.utf8).withUnsafeBytes { bytes in
      side.receive(bytes, isText: isText, at: now, into: &queue) {
        told.append((try? JSONValue(parsing: $0)) ?? .string($0))
      } _: {
        learned.append($0)
      }
    }
    take(told, learned)
  }

  /// Lets time pass, frame by frame.
  func pass(_ span: Int) {
    for _ in 0..<(span / 20) {
      var (told, learned): ([JSONValue], [PlatformEvent]) = ([], [])
      var played = 0
      side.advance(at: now, into: &queue) {
        told.append((try? JSONValue(parsing: $0)) ?? .string($0))
      } _: {
        learned.append($0)
      }
      queue.play(until: now) { mark, start in
        side.reached(mark, at: start) {
          told.append(.string($0))
        } _: {
          learned.append($0)
        }
      } play: { packet, _ in
        if packet != nil { played += 1 }
      }
      framesPlayed += played
      take(told, learned)
      milliseconds += 20
    }
  }

  func send(_ bytes: UInt8, number: UInt32, isTaken: Bool = true) {
    var news: [String] = []
    let count = side.format.codec == .mulaw ? 160 : Self.frame
    [UInt8](repeating: bytes, count: count).withUnsafeBytes { packet in
      side.send(packet, number: number) { frame in
        news.append(String(decoding: Array(frame.header) + Array(frame.payload), as: UTF8.self))
        return isTaken
      }
    }
    appended += news
  }

  func finish() {
    var learned: [PlatformEvent] = []
    side.finish(at: now, of: queue) { learned.append($0) }
    take([], learned)
  }

  func clear() { (written, events) = ([], []) }

  private func take(_ told: [JSONValue], _ learned: [PlatformEvent]) {
    written += told
    for event in learned {
      switch event {
      case .cleared: events.append("\(milliseconds) cleared")
      case .finished: events.append("\(milliseconds) finished")
      case .says(let text): events.append("\(milliseconds) says \(text)")
      case .calledTool(let call): toolCalls.append(call)
      case .told(.agent(let news)):
        events.append(
          "\(milliseconds) \(news.state.rawValue) \(news.utterance.number) \(news.heard.milliseconds) \(news.text)")
      case .told(.speech(let started, _)): events.append("\(milliseconds) speech \(started ? "started" : "stopped")")
      case .told(.transcript(let news)):
        events.append("\(milliseconds) caller \(news.turn.number) at \(news.at.milliseconds): \(news.text)")
      case .told: events.append("\(milliseconds) told")
      }
    }
  }

  // MARK: - What a server says

  /// A response as far as its audio.
  func beginResponse(_ id: String = "resp_1", item: String = "item_1") {
    say(
      "response.created", #""response":{"id":"\#(id)","object":"realtime.response","status":"in_progress","output":[]}"#
    )
    announce(item, in: id)
  }

  func announce(_ item: String, in response: String) {
    let members = #""item":{"id":"\#(item)","type":"message","role":"assistant","content":[]}"#
    say("response.output_item.added", #""response_id":"\#(response)","output_index":0,\#(members)"#)
    say("conversation.item.added", members)
    say("response.content_part.added", ids(item, response) + #","part":{"type":"audio","transcript":""}"#)
  }

  func audio(_ milliseconds: Int, item: String = "item_1", response: String = "resp_1") {
    let bytes = [UInt8](repeating: 7, count: milliseconds * Self.frame / 20)
    say("response.output_audio.delta", ids(item, response) + #","delta":"\#(RealtimeBench.base64(bytes))""#)
  }

  func words(_ text: String, item: String = "item_1", response: String = "resp_1") {
    say("response.output_audio_transcript.delta", ids(item, response) + #","delta":"\#(text)""#)
  }

  func endItem(_ item: String = "item_1", _ response: String = "resp_1", words: String = "Hello.") {
    say("response.output_audio.done", ids(item, response))
    say("response.output_audio_transcript.done", ids(item, response) + #","transcript":"\#(words)""#)
    let members = #""item":{"id":"\#(item)","type":"message","role":"assistant","status":"completed","content":[]}"#
    say("conversation.item.done", members)
    say("response.output_item.done", #""response_id":"\#(response)","output_index":0,\#(members)"#)
  }

  func endResponse(_ id: String = "resp_1", status: String = "completed") {
    say("response.done", #""response":{"id":"\#(id)","status":"\#(status)","output":[]}"#)
  }

  /// The whole of a response.
  func answer(_ milliseconds: Int, _ text: String = "Hello.", id: String = "resp_1", item: String = "item_1") {
    beginResponse(id, item: item)
    audio(milliseconds, item: item, response: id)
    endItem(item, id, words: text)
    endResponse(id)
  }

  func callerSpeaks(_ item: String = "item_u1") {
    say("input_audio_buffer.speech_started", #""item_id":"\#(item)","audio_start_ms":0"#)
  }

  /// A response that calls a tool.
  /// - Parameter status: of the response; `nil`: it does not end.
  func callTool(
    _ name: String, _ arguments: String, id: String = "resp_1", call: String = "call_1", status: String? = "completed"
  ) {
    say("response.created", #""response":{"id":"\#(id)"}"#)
    let head = #""item":{"id":"item_\#(call)","type":"function_call","call_id":"\#(call)","name":"\#(name)""#
    say("response.output_item.added", #""response_id":"\#(id)","output_index":0,\#(head),"arguments":""}"#)
    say("conversation.item.added", head + #","arguments":""}"#)
    say(
      "response.function_call_arguments.done",
      ids("item_\(call)", id) + #","call_id":"\#(call)","name":"\#(name)","arguments":\#(arguments)"#)
    say("conversation.item.done", head + #","arguments":\#(arguments)}"#)
    say("response.output_item.done", #""response_id":"\#(id)","output_index":0,\#(head),"arguments":\#(arguments)}"#)
    if let status { endResponse(id, status: status) }
  }

  func ids(_ item: String, _ response: String) -> String {
    #""response_id":"\#(response)","item_id":"\#(item)","output_index":0,"content_index":0"#
  }
}
