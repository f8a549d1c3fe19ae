import CallCore
import JSON
import Testing
import Wires

@Suite("Realtime responses beside the conversation")
struct RealtimeAsideTests {
  private static func bench() throws -> RealtimeBench {
    let bench = RealtimeBench(model: "gpt-realtime", isModel: true)
    try bench.receive(#"{"type":"session.update","session":{"type":"realtime","instructions":"Be kind."}}"#)
    try bench.receive(
      #"{"type":"conversation.item.create","item":{"id":"m1","type":"message","role":"user","content":[{"type":"input_text","text":"Hello."}]}}"#
    )
    bench.clear()
    return bench
  }

  private static func create(_ more: String = "") -> String {
    #"{"type":"response.create","response":{"conversation":"none","output_modalities":["text"]\#(more)}}"#
  }

  @Test("it sees the conversation, is told as text in the order of the protocol, and the call knows nothing of it")
  func whole() throws {
    let bench = try Self.bench()
    try bench.receive(Self.create(#","metadata":{"topic":"mood"},"instructions":"Is the caller angry?""#))
    #expect(bench.questions == [ModelRequest([.system("Is the caller angry?"), .user("Hello.")])])
    #expect(bench.events == ["asked 1"] && bench.instructions.count == 2)
    bench.tell(1, .delta(.text("Not ")), .delta(.text("at all.")), .delta(.finish(.stop)), .finished)
    #expect(
      bench.types == [
        "response.created", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
        "response.output_text.delta", "response.output_text.done", "response.content_part.done",
        "response.output_item.done", "response.done",
      ])
    let done = try bench.last("response.done")
    #expect(done.text(at: "response.status") == "completed" && done.text(at: "response.metadata.topic") == "mood")
    #expect(done.text(at: "response.id") != nil && done.text(at: "response.conversation_id") == nil)
    #expect(done.text(at: "response.output.0.content.0.text") == "Not at all.")
    // Another one sees none of it.
    try bench.receive(Self.create())
    #expect(bench.questions[1] == ModelRequest([.system("Be kind."), .user("Hello.")]))
  }

  @Test("an input stands in place of the conversation: items, and those of the conversation by their ids")
  func input() throws {
    let bench = try Self.bench()
    let item = #"{"type":"message","role":"user","content":[{"type":"input_text","text":"Goodbye."}]}"#
    try bench.receive(Self.create(#","input":[\#(item),{"type":"item_reference","id":"m1"}]"#))
    #expect(bench.questions == [ModelRequest([.system("Be kind."), .user("Goodbye."), .user("Hello.")])])
    try bench.receive(Self.create(#","input":[]"#))
    #expect(bench.questions[1] == ModelRequest([.system("Be kind.")]))
    // A call without a result, which servers refuse, is left out; one with a result is not.
    let call = #"{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}"#
    try bench.receive(Self.create(#","input":[\#(call)]"#))
    #expect(bench.questions[2].messages == [.system("Be kind.")])
    try bench.receive(Self.create(#","input":[\#(call),{"type":"function_call_output","call_id":"c1","output":"1"}]"#))
    #expect(bench.questions[3].messages.count == 3)
    #expect(bench.faults.isEmpty)
  }

  @Test("it runs while the agent speaks, and what is wanted called comes as items of its own")
  func calls() throws {
    let bench = try Self.bench()
    #expect(bench.say(3))
    try bench.receive(Self.create(#","tools":[{"type":"function","name":"note"}]"#))
    #expect(bench.questions[0].tools.map(\.name) == ["note"])
    let piece = ModelToolCallPiece(index: 0, id: "c7", name: "note", arguments: #"{"a":1}"#)
    bench.tell(1, .delta(.toolCall(piece)), .delta(.finish(.toolCalls)), .finished)
    let done = try bench.last("response.done")
    #expect(done.text(at: "response.output.0.type") == "function_call")
    #expect(
      done.text(at: "response.output.0.call_id")?.hasPrefix("call_") == true
        && done.text(at: "response.output.0.arguments") == #"{"a":1}"#)
    #expect(bench.faults.isEmpty)
  }

  @Test("it can be cancelled by its id, ends with the call, and fails as a response")
  func ends() throws {
    let bench = try Self.bench()
    try bench.receive(Self.create())
    let id = try #require(try bench.last("response.created").text(at: "response.id"))
    bench.tell(1, .delta(.text("Well")))
    try bench.receive(#"{"type":"response.cancel","response_id":"\#(id)"}"#)
    #expect(bench.events.last == "stopped 1")
    #expect(try bench.last("response.done").text(at: "response.status") == "cancelled")
    bench.tell(1, .failed(ModelFault(.cancelled, "nobody waits")))
    #expect(bench.types.count { $0 == "response.done" } == 1)
    try bench.receive(Self.create())
    bench.tell(2, .failed(ModelFault(.limited, "no money left")))
    let failed = try bench.last("response.done")
    #expect(failed.text(at: "response.status") == "failed")
    #expect(failed.text(at: "response.status_details.error.code") == "language_model_failed")
    try bench.receive(Self.create())
    bench.end(.completed)
    #expect(try bench.last("response.done").text(at: "response.status") == "cancelled")
  }

  @Test(
    "what cannot be is refused by name",
    arguments: [
      (#""output_modalities":["audio"]"#, "response.output_modalities"),
      (#""metadata":{}"#, "response.output_modalities"),
      (#""output_modalities":["text"],"input":7"#, "response.input"),
      (#""output_modalities":["text"],"input":[{"type":"item_reference","id":"no"}]"#, "response.input[0].id"),
      (#""output_modalities":["text"],"input":[{"type":"mcp_call"}]"#, "response.input[0].type"),
    ])
  func refused(members: String, param: String) throws {
    let bench = try Self.bench()
    try bench.receive(#"{"type":"response.create","response":{"conversation":"none",\#(members)}}"#)
    #expect(try bench.last("error").text(at: "error.param") == param)
    #expect(bench.questions.isEmpty)
  }

  @Test("at most four at once")
  func limit() throws {
    let bench = try Self.bench()
    for _ in 1...5 { try bench.receive(Self.create()) }
    #expect(bench.questions.count == 4 && bench.faults.count == 1)
    bench.tell(2, .finished)
    try bench.receive(Self.create())
    #expect(bench.questions.count == 5)
  }
}
