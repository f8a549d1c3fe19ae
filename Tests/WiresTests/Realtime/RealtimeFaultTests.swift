import CallCore
import JSON
import Testing
import Wires

@Suite("Bad input of a Realtime client gets an error that says what is wrong, and the session goes on")
struct RealtimeFaultTests {
  /// What is sent, and code, parameter and a word of the message of the error.
  static let table: [(event: String, code: String, param: String?, word: String)] = [
    ("no JSON", "invalid_event", nil, "JSON"),
    ("[1,2]", "invalid_event", nil, "object"),
    (String(repeating: "[", count: 100), "invalid_event", nil, "JSON"),
    ("{}", "missing_required_parameter", "type", "expected a text"),
    (#"{"type":5}"#, "invalid_type", "type", "the number 5"),
    (#"{"type":"song.sing"}"#, "invalid_value", "type", "song.sing"),
    (#"{"type":"session.update"}"#, "missing_required_parameter", "session", "expected an object"),
    (#"{"type":"session.update","session":[]}"#, "invalid_type", "session", "a list"),
    (#"{"type":"session.update","session":{"type":"transcription"}}"#, "invalid_value", "session.type", "realtime"),
    (
      #"{"type":"session.update","session":{"modalities":["text"]}}"#, "unknown_parameter", "session.modalities",
      "session.output_modalities"
    ),
    (
      #"{"type":"session.update","session":{"input_audio_format":"pcm16"}}"#, "unknown_parameter",
      "session.input_audio_format", "audio.input.format"
    ),
    (
      #"{"type":"session.update","session":{"output_modalities":["audio","text"]}}"#, "invalid_value",
      "session.output_modalities", "text"
    ),
    (
      #"{"type":"session.update","session":{"tools":[{"type":"function","name":"f"}]}}"#, "language_model_required",
      "session.tools", "flow"
    ),
    (
      #"{"type":"session.update","session":{"audio":{"input":{"format":"pcm16"}}}}"#, "invalid_type",
      "session.audio.input.format", "object"
    ),
    (
      #"{"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/opus"}}}}}"#, "invalid_value",
      "session.audio.input.format.type", "audio/opus"
    ),
    (
      #"{"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}}}}"#,
      "invalid_value", "session.audio.input.format.rate", "24000"
    ),
    (
      #"{"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/pcmu"}}}}}"#, "invalid_value",
      "session.audio", "both"
    ),
    (
      #"{"type":"session.update","session":{"audio":{"input":{"turn_detection":{"type":"none"}}}}}"#, "invalid_value",
      "session.audio.input.turn_detection.type", "server_vad"
    ),
    (
      #"{"type":"session.update","session":{"audio":{"input":{"turn_detection":{"threshold":2}}}}}"#, "invalid_value",
      "session.audio.input.turn_detection.threshold", "0 to 1"
    ),
    (
      #"{"type":"session.update","session":{"audio":{"input":{"turn_detection":{"silence_duration_ms":-1}}}}}"#,
      "invalid_value", "session.audio.input.turn_detection.silence_duration_ms", "whole number"
    ),
    (#"{"type":"input_audio_buffer.append"}"#, "missing_required_parameter", "audio", "text"),
    (#"{"type":"input_audio_buffer.append","audio":7}"#, "invalid_type", "audio", "the number 7"),
    (#"{"type":"input_audio_buffer.append","audio":"a?bcAA=="}"#, "invalid_value", "audio", "Base64"),
    (#"{"type":"input_audio_buffer.append","audio":"abc"}"#, "invalid_value", "audio", "Base64"),
    (#"{"type":"input_audio_buffer.append","audio":"AAAA"}"#, "invalid_value", "audio", "samples"),
    (
      #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"a\u0000"}]}}"#,
      "invalid_value", "item.content[0].text", "NUL"
    ),
    (#"{"type":"input_audio_buffer.commit"}"#, "input_audio_buffer_commit_empty", nil, "100ms"),
    (#"{"type":"conversation.item.create"}"#, "missing_required_parameter", "item", "object"),
    (
      #"{"type":"conversation.item.create","item":{"type":"message"}}"#, "missing_required_parameter", "item.role",
      "text"
    ),
    (
      #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c","output":"1"}}"#,
      "language_model_required", "item.type", "function_call_output"
    ),
    (
      #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_audio","audio":""}]}}"#,
      "unsupported_content_type", "item.content[0].type", "append"
    ),
    (
      #"{"type":"conversation.item.create","previous_item_id":"x","item":{"type":"message","role":"user"}}"#,
      "item_create_invalid_previous_item_id", "previous_item_id", "\"x\""
    ),
    (#"{"type":"conversation.item.delete","item_id":"x"}"#, "item_delete_invalid_item_id", "item_id", "\"x\""),
    (#"{"type":"conversation.item.delete"}"#, "missing_required_parameter", "item_id", "text"),
    (#"{"type":"conversation.item.retrieve","item_id":"x"}"#, "item_retrieve_invalid_item_id", "item_id", "\"x\""),
    (
      #"{"type":"conversation.item.truncate","item_id":"x","content_index":0,"audio_end_ms":1}"#,
      "item_truncate_invalid_item_id", "item_id", "\"x\""
    ),
    (
      #"{"type":"conversation.item.truncate","item_id":"x","content_index":0}"#, "missing_required_parameter",
      "audio_end_ms", "milliseconds"
    ),
    (#"{"type":"response.cancel"}"#, "response_cancel_not_active", nil, "Cancellation failed"),
    (
      #"{"type":"response.create","response":{"instructions":"Sing."}}"#, "language_model_required",
      "response.instructions", "no language model"
    ),
    (
      #"{"type":"response.create","response":{"conversation":"none"}}"#, "language_model_required",
      "response.conversation", "no language model"
    ),
    (
      #"{"type":"response.create","response":{"tools":[{"type":"function"}]}}"#, "language_model_required",
      "response.tools", "no language model"
    ),
    (
      #"{"type":"response.create","response":{"metadata":{"a":1}}}"#, "invalid_type", "response.metadata.a", "text"
    ),
    (#"{"type":"response.create","response":7}"#, "invalid_type", "response", "object"),
  ]

  @Test("each row", arguments: table.indices)
  func row(_ index: Int) throws {
    let row = Self.table[index]
    let bench = RealtimeBench()
    bench.clear()
    let kind = try bench.receive(
      row.event.first == "{" && row.event.count > 2 ? #"{"event_id":"mine","# + row.event.dropFirst() : row.event)
    #expect(kind == .message || row.event.contains("append"))
    let error = try #require(bench.faults.first?["error"], "\(row.event)")
    #expect(bench.faults.count == 1)
    #expect(error.text(at: "code") == row.code, "\(error)")
    #expect(error.text(at: "param") == row.param, "\(error)")
    #expect(error.text(at: "message")?.contains(row.word) == true, "\(error)")
    #expect(error.text(at: "type") == "invalid_request_error")
    if row.event.first == "{", row.event.count > 2 { #expect(error.text(at: "event_id") == "mine") }
    // The session goes on.
    bench.clear()
    try bench.receive(#"{"type":"session.update","session":{"type":"realtime"}}"#)
    #expect(bench.types == ["session.updated"])
  }

  @Test("a letter that is none of Base64 is refused at every place, and padding that does not end the text")
  func noBase64() throws {
    let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let others = (32..<127).map { Character(UnicodeScalar(UInt8($0))) } + ["\u{7F}", "é", "Ā", "你"]
    func faults(_ text: [Character]) throws -> [String?] {
      let bench = try RealtimeBench.begun()
      try bench.receive(#"{"type":"input_audio_buffer.append","audio":"\#(String(text))"}"#)
      return bench.faults.map { $0.text(at: "error.code") }
    }
    for other in others where !letters.contains(other) && other != "\"" && other != "\\" {
      // Of more than one byte: as many letters fewer, so that it is a multiple of four.
      let size = other.utf8.count
      for place in 0...(12 - size) where !(other == "=" && place == 11) {
        let text = Array(repeating: Character("A"), count: 12 - size)
        #expect(try faults(text[..<place] + [other] + text[place...]) == ["invalid_value"], "\(other) at \(place)")
      }
    }
    #expect(try faults(Array("AAAAAAA=")) == ["invalid_value"], "5 bytes are no samples")
    #expect(try faults(Array("AAAAAA==")).isEmpty)
    #expect(try faults(Array("AA==AAAA")) == ["invalid_value"])
    #expect(try faults(Array("AAAAA===")) == ["invalid_value"])
  }

  @Test("binary, too long, and an id that is there already")
  func others() throws {
    let bench = try RealtimeBench.begun()
    try bench.receive("audio", isText: false)
    try bench.receive(
      #"{"type":"session.update","session":{"instructions":"\#(String(repeating: "a", count: 140_000))"}}"#)
    bench.side.skippedMessage { _ in }
    let item = #"{"type":"conversation.item.create","item":{"id":"a","type":"message","role":"user"}}"#
    try bench.receive(item)
    try bench.receive(item)
    #expect(
      bench.faults.map { $0.text(at: "error.code") } == [
        "invalid_event", "event_too_large", "item_create_duplicate_item_id",
      ])
  }

  @Test("format and voice are what they were when the call began; the same once more is no fault")
  func fixed() throws {
    let bench = try RealtimeBench.begun()
    let format = #"{"format":{"type":"audio/pcmu"}}"#
    try bench.receive(#"{"type":"session.update","session":{"audio":{"input":\#(format),"output":\#(format)}}}"#)
    try bench.receive(#"{"type":"session.update","session":{"audio":{"output":{"voice":"marin"}}}}"#)
    try bench.receive(#"{"type":"session.update","session":{"audio":{"output":{"voice":"heart"}}}}"#)
    #expect(bench.types == ["error", "error", "session.updated"])
    #expect(bench.faults.map { $0.text(at: "error.code") } == ["cannot_update_audio_format", "cannot_update_voice"])
  }

  @Test("an update changes what it names, clears what is null, and is answered by the whole")
  func merge() throws {
    let bench = RealtimeBench()
    try bench.receive(
      #"{"type":"session.update","session":{"instructions":"Be kind.","audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"high"},"transcription":{"model":"whisper-1","language":"en","unknown":1}},"output":{"voice":"ash"}}}}"#
    )
    try bench.receive(
      #"{"type":"session.update","session":{"audio":{"input":{"transcription":null}},"tracing":"auto"}}"#)
    let session = try #require(try bench.last("session.updated")["session"])
    #expect(session.text(at: "instructions") == "Be kind.")
    #expect(session.text(at: "audio.input.turn_detection.eagerness") == "high")
    #expect(session["audio"]?["input"]?["transcription"] == nil)
    #expect(session.text(at: "audio.output.voice") == "ash")
    #expect(session.text(at: "tracing") == "auto")
    #expect(bench.events == ["opened", "configured"])
    #expect(bench.invitation?.voice == "ash")
  }

  @Test("a model that is no flow is an error that names the flows")
  func unknownModel() throws {
    let bench = RealtimeBench(model: "gpt-realtime", knownFlows: ["appointment", "chat"])
    #expect(bench.sent.isEmpty)
    bench.refuse()
    let error = try bench.last("error")
    #expect(error.text(at: "error.code") == "model_not_found")
    #expect(error.text(at: "error.message")?.contains("appointment, chat") == true)
  }
}
