import CallCore
import Formats
import JSON
import Testing

@Suite("A request to a language model")
struct ChatRequestDocumentTests {
  private static func body(_ request: ModelRequest) throws -> String {
    String(decoding: try ChatRequestDocument.body(of: request, model: "m"), as: UTF8.self)
  }

  @Test("has what was asked for and nothing else")
  func plain() throws {
    #expect(
      try Self.body(ModelRequest([.user("Hi \"you\"")]))
        == #"{"model":"m","messages":[{"role":"user","content":"Hi \"you\""}],"stream":true,"stream_options":{"include_usage":true}}"#
    )
  }

  @Test("has the whole conversation, tools, form and choices")
  func whole() throws {
    var request = ModelRequest([
      .system("Be short."), .user("Book it."),
      .assistant("", calls: [ModelToolCall(id: "1", name: "book", arguments: #"{"day":1}"#)]),
      .toolResult(id: "1", "null"), .assistant("Done.", calls: []),
    ])
    request.tools = [ModelTool(name: "book", about: "Books.", parameters: #"{"type":"object"}"#)]
    request.toolChoice = .named("book")
    request.answerForm = ModelAnswerForm(name: "reply", schema: #"{"type":"object"}"#)
    (request.temperatureHundredths, request.topPHundredths, request.seed, request.tokensMax) = (70, 90, 5, 100)
    request.stop = ["END"]
    #expect(
      try Self.body(request) == """
        {"model":"m","messages":[{"role":"system","content":"Be short."},{"role":"user","content":"Book it."},\
        {"role":"assistant","content":"","tool_calls":[{"id":"1","type":"function","function":{"name":"book",\
        "arguments":"{\\"day\\":1}"}}]},{"role":"tool","content":"null","tool_call_id":"1"},\
        {"role":"assistant","content":"Done."}],"tools":[{"type":"function","function":{"name":"book",\
        "description":"Books.","parameters":{"type":"object"}}}],"tool_choice":{"type":"function",\
        "function":{"name":"book"}},"response_format":{"type":"json_schema","json_schema":{"name":"reply",\
        "strict":true,"schema":{"type":"object"}}},"temperature":0.7,"top_p":0.9,"seed":5,"max_tokens":100,\
        "stop":["END"],"stream":true,"stream_options":{"include_usage":true}}
        """)
  }

  @Test("says whether tools may be called", arguments: [ModelToolChoice.automatic, .none, .required])
  func choices(choice: ModelToolChoice) throws {
    var request = ModelRequest([.user("Hi")])
    request.tools = [ModelTool(name: "a", about: "", parameters: "{}")]
    request.toolChoice = choice
    let written = try JSONValue(parsing: Self.body(request)).text(at: "tool_choice")
    #expect(written == [ModelToolChoice.none: "none", .required: "required"][choice])
  }

  @Test("with a schema that is no JSON is refused before it is sent")
  func schema() {
    var request = ModelRequest([.user("Hi")])
    request.tools = [ModelTool(name: "a", about: "", parameters: "{")]
    let fault = #expect(throws: ModelFault.self) { _ = try Self.body(request) }
    #expect(fault?.kind == .refusedRequest)
  }
}
