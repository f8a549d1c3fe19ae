import CallCore
import JSON
import Testing
import Wires

@Suite("Realtime sessions with a language model")
struct RealtimeModelTests {
  private static let tool =
    #"{"type":"function","name":"weather","description":"Tells it.","parameters":{"type":"object","properties":{"city":{}}}}"#
  private static let settings =
    #""type":"realtime","instructions":"Be kind.","tools":[\#(tool)],"tool_choice":"required","max_output_tokens":50"#

  private static func bench(_ session: String = settings) throws -> RealtimeBench {
    let bench = RealtimeBench(model: "gpt-realtime", isModel: true)
    try bench.receive(#"{"type":"session.update","session":{\#(session)}}"#)
    return bench
  }

  private static var wanted: ModelRequest {
    var request = ModelRequest([.system("Be kind.")])
    request.tools = [
      ModelTool(
        name: "weather", about: "Tells it.", parameters: #"{"properties":{"city":{}},"type":"object"}"#)
    ]
    (request.toolChoice, request.tokensMax) = (.required, 50)
    return request
  }

  @Test("a session's instructions, tools and limits are the model's, and are shown as they were written")
  func session() throws {
    let bench = try Self.bench()
    #expect(bench.instructions == [.session(Self.wanted)])
    let shown = try bench.last("session.updated")
    #expect(shown.text(at: "session.instructions") == "Be kind.")
    #expect(shown.text(at: "session.tools.0.name") == "weather" && shown.text(at: "session.tool_choice") == "required")
    try bench.receive(
      #"{"type":"session.update","session":{"type":"realtime","tools":[],"tool_choice":{"type":"function","name":"x"}}}"#
    )
    guard case .session(let changed) = bench.instructions[1] else { return #expect(Bool(false)) }
    #expect(changed.tools.isEmpty && changed.toolChoice == .named("x") && changed.messages == [.system("Be kind.")])
    #expect(bench.faults.isEmpty)
  }

  @Test(
    "tools that make no sense are refused by name, and the session goes on",
    arguments: [
      (#"7"#, "session.tools"), (#"[{"name":"a"}]"#, "session.tools[0].type"),
      (#"[{"type":"mcp","name":"a"}]"#, "session.tools[0].type"),
      (#"[{"type":"function","name":"a b"}]"#, "session.tools[0].name"),
      (#"[{"type":"function","name":"a","parameters":[]}]"#, "session.tools[0].parameters"),
      (#"[{"type":"function","name":"a"},{"type":"function","name":"a"}]"#, "session.tools[1].name"),
    ])
  func faultyTools(tools: String, param: String) throws {
    let bench = try Self.bench()
    try bench.receive(#"{"type":"session.update","session":{"type":"realtime","tools":\#(tools)}}"#)
    #expect(try bench.last("error").text(at: "error.param") == param)
    #expect(bench.instructions.count == 1)
    try bench.receive(#"{"type":"session.update","session":{"type":"realtime"}}"#)
    #expect(bench.types.last == "session.updated")
  }

  @Test("items become messages: of every role, calls and their results")
  func items() throws {
    let bench = try Self.bench()
    for item in [
      #"{"type":"message","role":"system","content":[{"type":"input_text","text":"It is late."}]}"#,
      #"{"type":"message","role":"user","content":[{"type":"input_text","text":"Weather?"}]}"#,
      #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Well."}]}"#,
      #"{"type":"function_call","call_id":"c1","name":"weather","arguments":"{}"}"#,
      #"{"type":"function_call_output","call_id":"c1","output":"sunny"}"#,
    ] { try bench.receive(#"{"type":"conversation.item.create","item":\#(item)}"#) }
    #expect(
      Array(bench.instructions.dropFirst()) == [
        .message(.system("It is late.")), .message(.user("Weather?")), .message(.assistant("Well.", calls: [])),
        .message(.assistant("", calls: [ModelToolCall(id: "c1", name: "weather", arguments: "{}")])),
        .message(.toolResult(id: "c1", "sunny")),
      ])
    let shown = try bench.last("conversation.item.done")
    #expect(shown.text(at: "item.type") == "function_call_output" && shown.text(at: "item.output") == "sunny")
    try bench.receive(#"{"type":"conversation.item.create","item":{"type":"mcp_call"}}"#)
    #expect(try bench.last("error").text(at: "error.param") == "item.type")
  }

  @Test("what the model wants called is a response of its own, with every event that clients wait for")
  func calls() throws {
    let bench = try Self.bench()
    try bench.receive(#"{"type":"response.create","response":{"metadata":{"a":"b"}}}"#)
    bench.clear()
    bench.report(
      .toolsWanted([
        ModelToolCall(id: "call-1", name: "weather", arguments: #"{"city":"Rome"}"#),
        ModelToolCall(id: "call-2", name: "weather", arguments: "{}"),
      ]))
    let each = [
      "response.output_item.added", "conversation.item.added", "response.function_call_arguments.delta",
      "response.function_call_arguments.done", "conversation.item.done", "response.output_item.done",
    ]
    #expect(bench.types == ["response.created"] + each + each + ["response.done"])
    let done = try bench.last("response.done")
    #expect(done.text(at: "response.status") == "completed" && done.text(at: "response.metadata.a") == "b")
    #expect(done.text(at: "response.output.0.arguments") == #"{"city":"Rome"}"#)
    #expect(done.text(at: "response.output.1.call_id") == "call-2")
    let arguments = try bench.last("response.function_call_arguments.done")
    #expect(arguments.text(at: "name") == "weather" && arguments.text(at: "output_index") == "1")
    #expect(arguments.text(at: "item_id") == done.text(at: "response.output.1.id"))
    try bench.receive(#"{"type":"response.create"}"#)
    #expect(bench.faults.isEmpty, "it is over")
  }

  @Test("what a response is told holds for it alone; what makes no sense is refused")
  func once() throws {
    let bench = try Self.bench()
    try bench.receive(
      #"{"type":"response.create","response":{"instructions":"Sing.","tools":[],"tool_choice":"none"}}"#)
    guard case .once(let once)? = bench.instructions.last else { return #expect(Bool(false)) }
    #expect(once.messages == [.system("Sing.")] && once.tools.isEmpty && once.toolChoice == ModelToolChoice.none)
    bench.report(.trouble(code: "model-failed", message: "no money left"))
    #expect(try bench.last("response.done").text(at: "response.status") == "failed")
    for (response, param) in [
      (#"{"conversation":"none"}"#, "response.output_modalities"),
      (#"{"input":[{"type":"message"}]}"#, "response.input"),
      (#"{"tools":[{"type":"function"}]}"#, "response.tools[0].name"), (#"{"tool_choice":7}"#, "response.tool_choice"),
    ] {
      try bench.receive(#"{"type":"response.create","response":\#(response)}"#)
      #expect(try bench.last("error").text(at: "error.param") == param)
    }
    #expect(bench.instructions.count == 2)
  }

  @Test("a fault behind the first words is an error, and the response that is wanted says them")
  func brokenOff() throws {
    let bench = try Self.bench()
    try bench.receive(#"{"type":"response.create","response":{"metadata":{"a":"b"}}}"#)
    bench.report(.trouble(code: "model-broke-off", message: "stalled"))
    #expect(try bench.last("error").text(at: "error.code") == "model_broke_off")
    bench.answer("A long story.")
    let done = try bench.last("response.done")
    #expect(done.text(at: "response.status") == "completed" && done.text(at: "response.metadata.a") == "b")
  }

  @Test("an item that is deleted was not heard")
  func deleted() throws {
    let bench = try Self.bench()
    bench.answer("A long story.")
    let id = try #require(try bench.last("response.done").text(at: "response.output.0.id"))
    try bench.receive(#"{"type":"conversation.item.delete","item_id":"\#(id)"}"#)
    #expect(bench.events.last == "played 1 0")
  }

  @Test("what the client deletes is not told to the model any more, typed or spoken; a result needs a call")
  func forgotten() throws {
    let bench = try Self.bench()
    try bench.receive(
      #"{"type":"conversation.item.create","item":{"id":"i1","type":"message","role":"user","content":[{"type":"input_text","text":"Seven."}]}}"#
    )
    try bench.receive(#"{"type":"conversation.item.delete","item_id":"i1"}"#)
    #expect(bench.instructions.last == .forget(.user("Seven.")))
    bench.turn("My number is nine.")
    let id = try #require(try bench.last("conversation.item.done").text(at: "item.id"))
    try bench.receive(#"{"type":"conversation.item.delete","item_id":"\#(id)"}"#)
    #expect(bench.instructions.last == .forget(.user("My number is nine.")))
    try bench.receive(
      #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"none","output":"x"}}"#)
    #expect(try bench.last("error").text(at: "error.param") == "item.call_id")
  }
}
