import CallCore
import CallDriver
import Testing

@Suite("What a call asks for")
struct CallRequestLogTests {
  private static let parent = TraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
  private static func context(isSampled: Bool) -> SpanContext {
    SpanContext(parent: parent, trace: TraceID(drawn: 1, 2), seed: 5, isSampled: isSampled)
  }

  /// Asks a tool, and says nothing of what came of it.
  private struct AskingFlow: AgentFlow {
    var headers: [(name: String, value: String)] = []
    var currentState = "asking"
    var slots: [String: String] = [:]

    mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
      switch input {
      case .begin:
        outputs.append(
          .callTool(
            ToolRequest(
              state: "asking", method: "GET", url: "http://a.example/", headers: headers, body: nil, wanted: [],
              timeout: .seconds(1))))
      default: outputs.append(.listen(ListenOptions()))
      }
    }
  }

  @Test("is kept with its instants where its spans are sent, and not otherwise", arguments: [true, false])
  func kept(isSampled: Bool) throws {
    let call = try SessionHarness(saying: ["Hello."]) { $0.spans = Self.context(isSampled: isSampled) }
    call.pass(.milliseconds(100))
    call.deliver(1, 0, SessionHarness.speech(packets: 3))
    let requests = call.session.requestLog.requests
    guard isSampled else { return #expect(requests.isEmpty) }
    let sentence = try #require(requests.first)
    #expect(requests.count == 1 && sentence.work == .synthesis(UtteranceID(1), sentence: 0))
    #expect(sentence.askedAt == .zero && sentence.endedAt == .zero + .milliseconds(100))
    #expect(sentence.outcome == .answered)
  }

  @Test("and gets no answer is a failure, in words that show nobody's own")
  func failed() throws {
    let call = try SessionHarness(saying: ["Hello."]) { $0.spans = Self.context(isSampled: true) }
    call.fail(1, 0)
    #expect(call.session.requestLog.requests.map(\.outcome) == [.failed("timed_out")])
  }

  @Test("tells a tool of its span, unless the flow's author has named another", arguments: [nil, "Traceparent"])
  func tool(header: String?) throws {
    let flow = AskingFlow(headers: header.map { [($0, "mine")] } ?? [])
    let call = try SessionHarness(flow: flow) { $0.spans = Self.context(isSampled: true) }
    let tool = try #require(call.tools.first)
    let told = tool.tool.headers.filter { $0.name.lowercased() == "traceparent" }.map(\.value)
    let own = try #require(Self.context(isSampled: true).traceparent(of: tool.request))
    #expect(told == [header == nil ? own : "mine"])
    call.session.deliver(.tool(tool.request, .answered(status: 204, values: [:])), at: .zero + .milliseconds(30))
    let entry = try #require(call.session.requestLog.requests.first)
    #expect(entry.status == 204 && entry.endedAt == .zero + .milliseconds(30))
    #expect(entry.work == .tool(state: "asking", method: "GET"))
  }

  @Test("tells a tool nothing where nobody traces the call")
  func untraced() throws {
    let call = try SessionHarness(flow: AskingFlow())
    #expect(call.tools.first?.tool.headers.isEmpty == true)
  }
}
