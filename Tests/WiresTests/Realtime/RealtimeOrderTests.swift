import CallCore
import JSON
import Testing
import Wires

@Suite("A Realtime session's events come in the order that all clients take")
struct RealtimeOrderTests {
  @Test("a session is shown whole before its client says anything, and the call begins with its first word")
  func created() throws {
    let bench = RealtimeBench()
    #expect(bench.types == ["session.created"])
    let session = try #require(bench.sent[0]["session"])
    #expect(session.text(at: "type") == "realtime")
    #expect(session.text(at: "audio.output.voice") == "heart")
    #expect(session.text(at: "audio.input.format.rate") == "24000")
    #expect(session.text(at: "audio.input.turn_detection.interrupt_response") == "true")
    try bench.append([UInt8](repeating: 0, count: 960))
    #expect(bench.events == ["opened"])
    #expect(bench.invitation?.flow == "appointment")
    #expect(bench.invitation?.sampleRate == 24_000)
    bench.side.begin { _ in Issue.record("a call begins once") }
  }

  @Test("a client that waits for the agent has its call, too")
  func silentClient() {
    let bench = RealtimeBench()
    var isOpened = false
    bench.side.begin { if case .opened = $0 { isOpened = true } }
    #expect(isOpened)
  }

  @Test("the agent's opening is a response without a turn")
  func opening() throws {
    let bench = try RealtimeBench.begun()
    bench.answer("Hello.", packets: 2)
    #expect(
      bench.types == [
        "response.created", "response.output_item.added", "conversation.item.added", "response.content_part.added",
        "response.output_audio.delta", "response.output_audio.delta", "response.output_audio_transcript.delta",
        "response.output_audio.done", "response.output_audio_transcript.done", "response.content_part.done",
        "conversation.item.done", "response.output_item.done", "response.done",
      ])
    let done = try bench.last("response.done")
    #expect(done.text(at: "response.status") == "completed")
    #expect(done.text(at: "response.output.0.content.0.transcript") == "Hello.")
    let ids = bench.sent.map { $0.text(at: "event_id") ?? "" }
    #expect(Set(ids).count == ids.count)
  }

  @Test("a turn of the caller, its words, and the answer")
  func turn() throws {
    let bench = try RealtimeBench.begun()
    bench.answer("Hello.")
    let opening = try bench.last("response.done").text(at: "response.output.0.id")
    bench.clear()
    bench.turn("Good morning.")
    #expect(
      bench.types == [
        "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed",
        "conversation.item.added", "conversation.item.done", "conversation.item.input_audio_transcription.completed",
      ])
    let item = bench.sent[0].text(at: "item_id")
    #expect(bench.sent[2].text(at: "previous_item_id") == opening)
    #expect(bench.sent[3].text(at: "item.id") == item)
    #expect(bench.sent[5].text(at: "transcript") == "Good morning.")
    #expect(bench.sent[5].text(at: "usage.type") == "duration")
    bench.answer("How can I help?", utterance: 2)
    #expect(try bench.last("conversation.item.added").text(at: "previous_item_id") == item)
  }

  @Test("what the agent goes on to say, as a language model does, is a delta of what is new")
  func saysMore() throws {
    let bench = try RealtimeBench.begun()
    _ = bench.say(10)
    bench.report(.agentStarted(RealtimeBench.entry("A long story.")))
    bench.clear()
    bench.report(.agentContinued(RealtimeBench.entry("A long story. And its end.")))
    #expect(bench.types == ["response.output_audio_transcript.delta"])
    #expect(try bench.last("response.output_audio_transcript.delta").text(at: "delta") == " And its end.")
    bench.report(.agentFinished(RealtimeBench.entry("A long story. And its end.")))
    let done = try bench.last("response.output_audio_transcript.done")
    #expect(done.text(at: "transcript") == "A long story. And its end.")
  }

  @Test("speech over the agent is told first, and then that its answer was cancelled")
  func bargeIn() throws {
    let bench = try RealtimeBench.begun()
    _ = bench.say(10)
    bench.report(.agentStarted(RealtimeBench.entry("A long story.")))
    bench.clear()
    bench.report(.clear(UtteranceID(1)))
    bench.report(.speechStarted(at: bench.now))
    bench.report(.agentInterrupted(RealtimeBench.entry("A long story.")))
    #expect(bench.types.first == "input_audio_buffer.speech_started")
    let done = try bench.last("response.done")
    #expect(done.text(at: "response.status") == "cancelled")
    #expect(done.text(at: "response.status_details.reason") == "turn_detected")
    #expect(done.text(at: "response.output.0.status") == "incomplete")
    let item = try #require(done.text(at: "response.output.0.id"))
    bench.clear()
    // What was played: less than was sent, more than was sent, and once more.
    for (end, played) in [(120, 120), (900, 200), (120, 120)] {
      try bench.receive(
        #"{"type":"conversation.item.truncate","item_id":"\#(item)","content_index":0,"audio_end_ms":\#(end)}"#)
      #expect(try bench.last("conversation.item.truncated").text(at: "audio_end_ms") == "\(played)")
      #expect(bench.events.last == "played 1 \(played)")
    }
    #expect(bench.faults.isEmpty)
    try bench.receive(#"{"type":"conversation.item.retrieve","item_id":"\#(item)"}"#)
    let kept = try bench.last("conversation.item.retrieved")
    #expect(kept.text(at: "item.content.0.type") == "output_audio")
    #expect(kept.text(at: "item.content.0.transcript") == nil)
  }

  @Test("a caller who goes on after a pause has one item in the end")
  func goesOn() throws {
    let bench = try RealtimeBench.begun()
    bench.turn("I would")
    let first = try bench.last("input_audio_buffer.committed").text(at: "item_id")
    bench.turn("I would like to book.")
    #expect(try bench.last("conversation.item.deleted").text(at: "item_id") == first)
    #expect(
      bench.types.suffix(2) == ["conversation.item.deleted", "conversation.item.input_audio_transcription.completed"])
    // Before the words are known.
    bench.report(.speechStarted(at: bench.now))
    bench.report(.speechStopped(at: bench.now))
    let second = try bench.last("input_audio_buffer.committed").text(at: "item_id")
    bench.report(.speechStarted(at: bench.now))
    #expect(try bench.last("conversation.item.deleted").text(at: "item_id") == second)
  }

  @Test("of what was not understood there are no words, and the agent's answer says so")
  func notUnderstood() throws {
    let bench = try RealtimeBench.begun()
    bench.report(.speechStarted(at: bench.now))
    bench.report(.speechStopped(at: bench.now))
    bench.answer("Sorry?", utterance: 2)
    #expect(try bench.last("conversation.item.input_audio_transcription.completed").text(at: "transcript") == "")
  }

  @Test("a connection that takes nothing now gets what is missing with the next packet, once and in order")
  func fullConnection() throws {
    let bench = try RealtimeBench.begun()
    bench.isFull = true
    #expect(!bench.say(1))
    #expect(bench.sent.isEmpty)
    bench.isFull = false
    #expect(bench.say(1))
    #expect(
      bench.types == [
        "response.created", "response.output_item.added", "conversation.item.added", "response.content_part.added",
        "response.output_audio.delta",
      ])
    #expect(bench.sent[4].text(at: "delta") == RealtimeBench.base64([UInt8](repeating: 0, count: 960)))
  }

  @Test("a call that ends in mid-answer ends its response, and one of an hour says why")
  func end() throws {
    let bench = try RealtimeBench.begun()
    _ = bench.say(2)
    bench.end(.timeLimit)
    #expect(bench.types.suffix(2) == ["response.done", "error"])
    #expect(try bench.last("error").text(at: "error.code") == "session_expired")
  }

  @Test("an answer in text has no audio")
  func text() throws {
    let bench = try RealtimeBench.begun()
    try bench.receive(#"{"type":"session.update","session":{"output_modalities":["text"]}}"#)
    bench.clear()
    bench.answer("Hello.")
    #expect(!bench.types.contains { $0.contains("audio") })
    #expect(try bench.last("response.output_text.done").text(at: "text") == "Hello.")
    #expect(try bench.last("response.content_part.done").text(at: "part.type") == "text")
  }
}
