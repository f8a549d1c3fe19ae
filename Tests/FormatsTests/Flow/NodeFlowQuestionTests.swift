import CallCore
import Formats
import JSON
import Testing

@Suite("Flows of nodes that a language model writes")
struct NodeFlowQuestionTests {
  private static let description = "Takes appointments for a clinic. A person is at +1 555 0100."
  private static let answer = """
    {"name":"Clinic","description":"Books.","nodes":[
    {"id":"desk","type":"subagent","data":{"systemPrompt":"Be kind.","toolName":null,"phoneNumber":null,"message":null}},
    {"id":"person","type":"phone_transfer","data":{"phoneNumber":"+15550100","message":"One moment."}},
    {"id":"bye","type":"end_call","data":{"message":"Goodbye."}}],
    "edges":[{"source":"desk","target":"person","label":"wants a person"},{"source":"desk","target":"bye","label":null}]}
    """

  private static func question(
    _ configuration: String = "{}", description: String = description
  ) throws(WireFault) -> NodeFlowQuestion {
    let body = JSONObject { writer in
      writer.field("description", description)
    }.json
    var text = String(decoding: body, as: UTF8.self)
    text.removeLast()
    return try NodeFlowQuestion(parsing: Array("\(text),\"configuration\":\(configuration)}".utf8))
  }

  @Test("the question has the description, and a schema that strict servers take")
  func request() throws {
    let request = try Self.question().request
    #expect(request.messages.last == .user(Self.description) && request.messages.count == 2)
    let schema = try JSONValue(parsing: try #require(request.answerForm).schema)
    let node = try #require(schema.value(at: "properties.nodes.items"))
    #expect(node["additionalProperties"] == .bool(false) && node.text(at: "required.2") == "data")
    #expect(
      node.value(at: "properties.type.enum")
        == .array(["subagent", "phone_transfer", "end_call"].map { .string($0) }))
    guard case .system(let prompt) = request.messages[0] else { return #expect(Bool(false)) }
    #expect(prompt.contains("There are no tools"))
  }

  @Test("tools of the configuration are offered, and no others")
  func tools() throws {
    let question = try Self.question(#"{"tools":{"times":{"tool":"GET https://x.example/","about":"Free times"}}}"#)
    guard case .system(let prompt) = question.request.messages[0] else { return #expect(Bool(false)) }
    #expect(prompt.contains("  - times: Free times\n"))
    let tool = #"{"id":"look","type":"tool","data":{"toolName":"times"}},{"id":"bye""#
    let answer = Self.answer.replacing(#"{"id":"bye""#, with: tool)
      .replacing(
        #""edges":["#,
        with:
          #""edges":[{"source":"desk","target":"look","label":"times"},{"source":"look","target":"bye","label":"success"},"#
      )
    let flow = try question.flow(from: answer)
    #expect(flow.nodes.map(\.kind) == [.subagent, .phoneTransfer, .tool, .endCall])
    #expect(flow.configuration.contains("Free times"))
    #expect { try Self.question().flow(from: answer) } throws: {
      "\($0)".contains("node `look`: there is no such type")
    }
  }

  @Test("an answer is a flow with places to draw it at, also in a fence", arguments: ["", "Here it is:\n```json\n"])
  func flow(before: String) throws {
    let flow = try Self.question().flow(from: before + Self.answer + (before.isEmpty ? "" : "\n```"))
    #expect(flow.name == "Clinic" && flow.id.isEmpty && flow.nodes[0].data == #"{"systemPrompt":"Be kind."}"#)
    #expect(flow.nodes.map(\.position) == [#"{"x":0,"y":0}"#, #"{"x":0,"y":160}"#, #"{"x":280,"y":160}"#])
    #expect(flow.edges.map(\.label) == ["wants a person", nil])
  }

  @Test(
    "what cannot be called is refused, with the reason for the model",
    arguments: [
      ("Sorry.", "it has no JSON object"), ("{nodes}", "it is not JSON"), (#"{"name":"x"}"#, "flow.nodes"),
      (answer.replacing("+15550100", with: "+15550199"), "node `person`: its number is not in the description"),
      (answer.replacing(#""target":"bye""#, with: #""target":"gone""#), "the edge `edge-2` names the node `gone`"),
      (
        answer.replacing(#"{"source":"desk","target":"bye","label":null}"#, with: #"{"source":"bye","target":"desk"}"#),
        "nothing follows a node of this type"
      ),
      (answer.replacing("Be kind.", with: "Ask {name}."), "nothing gives `name` a value"),
      (answer.replacing("end_call", with: "agent_transfer"), "node `bye`: there is no such type"),
    ])
  func refusals(answer: String, says: String) throws {
    let question = try Self.question()
    #expect { try question.flow(from: answer) } throws: { fault in
      guard let faults = fault as? NodeFlowFaults else { return false }
      guard case .user(let told)? = question.request(correcting: answer, faults).messages.last else { return false }
      return told.contains(says)
    }
  }

  @Test("a body without words is none", arguments: ["{}", #"{"description":" "}"#, #"{"description":1}"#, "["])
  func bodies(body: String) {
    #expect(throws: WireFault.self) { try NodeFlowQuestion(parsing: Array(body.utf8)) }
  }
}
