import JSON
import TestSupport

/// A Realtime server that does one thing wrong. Which one stands in the address, as the model.
struct RealtimeScript: Sendable {
  /// What the model is called.
  let name: String
  /// Findings by name, in order.
  let codes: [String]
  /// Of the case.
  var verdict = "passed"
  /// What is said of the call, where it does not come to its end.
  var failure: String?
  /// Events of a perfect greeting, changed.
  var change: @Sendable ([Event]) -> [Event] = { $0 }
  /// What happens behind them.
  var then: @Sendable (ScriptedLine) -> Void = { $0.waitForEnd() }
  /// What is changed before the greeting.
  var session: @Sendable ([Event]) -> [Event] = { $0 }

  /// An event; its members as JSON without braces.
  struct Event: Sendable {
    var type: String
    var members: String
    var hasID = true

    init(_ type: String, _ members: String = "", hasID: Bool = true) {
      (self.type, self.members, self.hasID) = (type, members, hasID)
    }

    var text: String {
      #"{"type":"\#(type)"\#(hasID ? #","event_id":"event_1""# : "")\#(members.isEmpty ? "" : ",")\#(members)}"#
    }
  }

  static let ids = #""response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0"#
  static let item = #""item":{"id":"item_1","type":"message","role":"assistant","status":"completed","content":[]}"#

  static let greeting: [Event] = [
    Event("response.created", #""response":{"id":"resp_1","status":"in_progress","output":[]}"#),
    Event("response.output_item.added", #""response_id":"resp_1","output_index":0,"# + item),
    Event("conversation.item.added", #""previous_item_id":null,"# + item),
    Event("response.content_part.added", ids + #","part":{"type":"audio","transcript":""}"#),
    Event("response.output_audio_transcript.delta", ids + #","delta":"Hello there.""#),
    Event("response.output_audio.delta", ids + #","delta":"\#(tone(milliseconds: 600))""#),
    Event("response.output_audio.done", ids),
    Event("response.output_audio_transcript.done", ids + #","transcript":"Hello there.""#),
    Event("response.content_part.done", ids + #","part":{"type":"audio","transcript":"Hello there."}"#),
    Event("conversation.item.done", #""previous_item_id":null,"# + item),
    Event("response.output_item.done", #""response_id":"resp_1","output_index":0,"# + item),
    Event("response.done", #""response":{"id":"resp_1","status":"completed","output":[]}"#),
  ]

  private static let format = #"{"type":"audio/pcm","rate":24000}"#
  static let sessionMembers =
    #""session":{"type":"realtime","audio":{"input":{"format":\#(format)},"output":{"format":\#(format)}}}"#

  /// Takes a call: the model says which script it plays.
  static func play(_ scripts: [RealtimeScript]) -> @Sendable (ScriptedLine) -> Void {
    { line in
      guard let request = line.readRequest() else { return }
      let name = request.firstMatch(of: /model=([a-z0-9-]+)/).map { String($0.1) }
      guard let script = scripts.first(where: { $0.name == name }), line.upgrade(request, subprotocol: nil) else {
        return line.respond(404)
      }
      let events = script.session([Event("session.created", sessionMembers), Event("session.updated", sessionMembers)])
      for event in events where event.type != "session.updated" { line.send(text: event.text) }
      _ = line.read()  // session.update
      for event in events where event.type == "session.updated" { line.send(text: event.text) }
      for event in script.change(greeting) { line.send(text: event.text) }
      script.then(line)
    }
  }

  /// A loud 400 Hz tone, as Base64 of 24 kHz samples; its period is 60 of them.
  static func tone(milliseconds: Int) -> String {
    let period: [UInt8] = (0..<60).flatMap { index -> [UInt8] in index < 30 ? [0x40, 0x1F] : [0xC0, 0xE0] }
    let bytes = (0..<milliseconds * 48).map { period[$0 % period.count] }
    return base64(bytes)
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count / 3 * 4)
    for start in stride(from: 0, to: bytes.count - bytes.count % 3, by: 3) {
      let group = Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
      for place in 0..<4 { text.append(letters[group >> (18 - 6 * place) & 63]) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension [RealtimeScript.Event] {
  /// Without events of these types.
  func without(_ types: String...) -> Self { filter { !types.contains($0.type) } }

  /// With text in the members of a type replaced.
  func replacing(_ text: String, with other: String, in type: String) -> Self {
    map { event in
      guard event.type == type else { return event }
      return RealtimeScript.Event(event.type, event.members.replacing(text, with: other), hasID: event.hasID)
    }
  }

  /// With other names of types.
  func renaming(_ names: [(String, String)]) -> Self {
    map { event in
      let name = names.reduce(event.type) { $0.replacing($1.0, with: $1.1) }
      return RealtimeScript.Event(name, event.members, hasID: event.hasID)
    }
  }

  func followed(by events: RealtimeScript.Event...) -> Self { self + events }
}
