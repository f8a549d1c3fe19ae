import CallServer
import JSON
import Formats
import Testing
import WebSockets

extension ServerTests {
  @Suite("Trying a flow out over REST")
  struct FlowDryRunTests {
    private static let greeting = """
      states:
        ask: {collect: words, as: text, ask: Your words?, next: bye}
        bye: {end: heard, say: "You said {words}."}
      """
    /// Asks an address where nobody must ever be asked.
    private static let testServer = """
      states:
        order: {collect: order, as: digits, length: 4, ask: Which order?, next: look-up}
        look-up:
          tool: GET http://127.0.0.1:1/orders/{order}
          save: {status: order.status}
          retries: 1
          next: told
          failed: sorry
        told: {end: told, say: "It is {status}."}
        sorry: {end: not-told, say: I cannot reach the desk.}
      """

    let server: TestServer

    init() throws { server = try TestServer.shared.get() }

    private func ask(_ body: JSONValue) throws -> (status: Int, json: JSONValue) {
      var writer = JSONWriter()
      writer.value(body)
      return try send(String(decoding: writer.bytes, as: UTF8.self))
    }

    private func send(_ body: String) throws -> (status: Int, json: JSONValue) {
      let answer = try server.ask("/api/flows/try", method: "POST", body: body)
      return (answer.status, try JSONValue(parsing: answer.body))
    }

    private func tryOut(_ flow: String, _ lines: [String]) throws -> JSONValue {
      let (status, json) = try ask(.object(["text": .string(flow), "inputs": .array(lines.map(JSONValue.string))]))
      try #require(status == 200)
      return json
    }

    /// Kind and what belongs to it, in one line.
    private func entries(_ dryRun: JSONValue) -> [String] {
      dryRun.list(at: "entries").map { entry in
        ["kind", "text", "state", "slot", "value", "request", "answer", "reason", "outcome", "why"]
          .compactMap { entry.text(at: $0) }.joined(separator: " ")
      }
    }

    @Test("a conversation goes from the first word to where its lines lead")
    func conversation() throws {
      let begun = try tryOut(Self.greeting, [])
      #expect(entries(begun) == ["state ask", "agent Your words?"])
      #expect(begun.text(at: "state") == "ask" && begun["over"] == .bool(false) && begun.text(at: "reason") == nil)
      let over = try tryOut(Self.greeting, ["good morning", "anybody there?"])
      #expect(
        entries(over) == [
          "state ask", "agent Your words?", "caller good morning", "slot words good morning", "state bye",
          "agent You said good morning.", "end completed heard", "unused anybody there? the call is over",
        ])
      #expect(
        over["over"] == .bool(true) && over.text(at: "outcome") == "heard"
          && over.text(at: "slots.words") == "good morning")
      let hungUp = try tryOut(Self.greeting, ["/quit"])
      #expect(hungUp["over"] == .bool(true) && hungUp.text(at: "reason") == "caller-hung-up")
      #expect(entries(try tryOut(Self.greeting, ["/dance"])).last?.contains("/mumble") == true)
    }

    @Test("a tool is asked nothing: the next line says what became of it")
    func tools() throws {
      let waiting = try tryOut(Self.testServer, ["/keys 4711"])
      #expect(waiting.text(at: "tool.url") == "http://127.0.0.1:1/orders/4711")
      #expect(waiting["tool"]?.list(at: "wanted") == [.string("order.status")])
      #expect(waiting["over"] == .bool(false) && waiting.text(at: "state") == "look-up")
      let told = try tryOut(Self.testServer, ["4711", #"/answer {"order": {"status": "on its way"}}"#])
      #expect(told.text(at: "outcome") == "told" && entries(told).contains("agent It is on its way."))
      #expect(told["tool"] == nil || told["tool"] == .null)
      // The tool is tried once more, and waits once more.
      let once = try tryOut(Self.testServer, ["4711", "/fail"])
      #expect(once["over"] == .bool(false) && once.text(at: "tool.state") == "look-up")
      #expect(try tryOut(Self.testServer, ["4711", "/fail", "/timeout"]).text(at: "outcome") == "not-told")
      let astray = entries(try tryOut(Self.testServer, ["/fail", "4711", "hello?", "/answer {"]))
      #expect(astray.filter { $0.hasPrefix("unused") }.count == 3)
    }

    @Test("a flow may go on in another one of the server")
    func transfers() throws {
      let dryRun = try tryOut("states: {first: {say: One moment., next: over}, over: {transfer: ping}}", [])
      #expect(dryRun.text(at: "flow") == "ping" && dryRun.text(at: "state") == "ask")
      let states = dryRun.list(at: "entries").filter { $0.text(at: "kind") == "state" }
      #expect(states.map { $0.text(at: "state") } == ["first", "over", "ask"])
      #expect(states.map { $0.text(at: "transferredTo") } == [nil, nil, "ping"])
    }

    @Test("a flow with faults is refused with their lines")
    func faults() throws {
      let (status, json) = try ask(.object(["text": .string(Self.greeting.replacing("next: bye", with: "next: by"))]))
      #expect(status == 400)
      #expect(json.list(at: "faults").first?["line"] == .integer(2))
      let long = String(repeating: "# a comment\n", count: 30_000) + Self.greeting
      #expect(try ask(.object(["text": .string(long)])).json.list(at: "faults").count == 1)
      #expect(try ask(.object(["text": .string("flow: other\n" + Self.greeting)])).status == 400)
      let named = JSONValue.object(["text": .string("flow: other\n" + Self.greeting), "name": .string("other")])
      #expect(try ask(named).status == 200)
    }

    @Test(
      "what is no such request is refused in words",
      arguments: [
        ("{", 400, "not JSON"), ("", 400, "not JSON"), ("[]", 422, "try: expected an object"),
        ("{}", 422, "try.text: expected a text"), (#"{"text": 7}"#, 422, "try.text: expected a text"),
        (#"{"text": "x", "inputs": "hello"}"#, 422, "try.inputs: expected a list of texts"),
        (#"{"text": "x", "inputs": [1]}"#, 422, "try.inputs: expected a list of texts"),
        (#"{"text": "x", "name": ""}"#, 422, "try.name"),
      ])
    func wrong(body: String, status: Int, words: String) throws {
      let answer = try send(body)
      #expect(answer.status == status)
      #expect(answer.json.text(at: "detail")?.contains(words) == true)
    }

    @Test("more than the limits is refused, or left out and said")
    func limits() throws {
      func lines(_ count: Int, _ text: String) -> JSONValue {
        .object([
          "text": .string(Self.greeting), "inputs": .array(Array(repeating: .string(text), count: count)),
        ])
      }
      #expect(try ask(lines(FlowDryRunRequest.inputsMax + 1, "a")).status == 422)
      #expect(try ask(lines(1, String(repeating: "a", count: 1001))).status == 422)
      #expect(try ask(.object(["text": .string(String(repeating: "a", count: 1 << 20))])).status == 413)
      let endless = """
        states:
          ask: {collect: words, as: text, ask: Once more?, intents: {over: {hear: enough, next: bye}}, next: say-0}
          bye: {end: over}
        \((0..<4).map { "  say-\($0): {say: \"{words}\", next: \($0 == 3 ? "ask" : "say-\($0 + 1)")}" }.joined(separator: "\n"))
        """
      let long = try tryOut(endless, Array(repeating: String(repeating: "word ", count: 190), count: 200))
      #expect(long["cut"] == .bool(true))
    }

    @Test("a variable that is set to itself twice over, again and again, does not fill the memory")
    func growth() throws {
      let doubling = """
        variables: {a: xxxxxxxx}
        states:
          ask: {collect: words, as: text, ask: Once more?, intents: {over: {hear: enough, next: bye}}, next: grow-0}
          bye: {end: over}
        \((0..<50).map { "  grow-\($0): {say: Growing., set: {a: \"{a}{a}{a}{a}\"}, next: \($0 == 49 ? "ask" : "grow-\($0 + 1)")}" }.joined(separator: "\n"))
        """
      let dryRun = try tryOut(doubling, ["go on"])
      #expect(dryRun.text(at: "slots.a")?.count == 1000)
    }
  }
}
