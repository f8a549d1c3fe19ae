import CallClient
import CallCore
import CallDriver
import CallServer
import JSON
import Stores
import Testing
import WebSockets
import Wires
import TestSupport
import Formats

extension ServerTests {
  @Suite("Flows over REST")
  struct FlowTests {
    private static let greeting = """
      states:
        ask: {collect: words, as: text, ask: Version one?, next: again}
        again: {collect: words, as: text, ask: Still one., next: bye}
        bye: {end: heard, say: Goodbye.}
      """
    private static var changed: String { greeting.replacing("one", with: "two") }

    /// Each test has flows of its own in it.
    private static let shared = Result { try TestServer(flowStore: MemoryFlowStore()) }

    let server: TestServer

    init() throws { server = try Self.shared.get() }

    private func ask(
      _ method: String, _ path: String, _ body: String = "", version: String? = nil
    ) throws -> (status: Int, etag: String?, json: JSONValue, text: String) {
      let headers = version.map { [(name: "if-match", value: $0)] } ?? []
      let answer = try server.ask("/api/flows" + path, method: method, headers: headers, body: body)
      let isJSON = answer.headers["content-type"]?.contains("json") == true
      return (
        answer.status, answer.headers["etag"], isJSON ? try JSONValue(parsing: answer.body) : .null,
        String(decoding: answer.body, as: UTF8.self)
      )
    }

    @Test("a flow that an earlier version took is named, the others are served, and it can be mended")
    func unusable() throws {
      let store = MemoryFlowStore()
      let text = Self.greeting.replacing(
        "{collect: words, as: text, ask: Version one?, next: again}",
        with: "{listen: Hm?, intents: {x: {hear: '/(?=a)a/', next: again}}}")
      for (name, text) in [("old", text), ("good", Self.greeting)] { _ = try store.add(name, text: text, at: 1) }
      let own = try TestServer(flowStore: store)
      let list = try own.json("/api/flows")
      #expect(list.list(at: "flows").contains { $0["name"] == .string("good") })
      #expect(!list.list(at: "flows").contains { $0["name"] == .string("old") })
      let old = try #require(list.list(at: "unusable").first)
      #expect(old["name"] == .string("old") && old.list(at: "faults").first?["line"] == .integer(2))
      #expect(old.list(at: "faults").first?["kind"] == .string("bad-expression"))
      #expect(try own.ask("/api/flows/old").status == 404)
      #expect(try own.ask("/api/flows/old/text").body == Array(text.utf8))
      let match = [(name: "if-match", value: "\"1\"")]
      #expect(try own.ask("/api/flows/good", method: "DELETE", headers: match).status == 204)
      let mended = try own.ask("/api/flows/old", method: "PUT", headers: match, body: Self.greeting)
      #expect(mended.status == 200)
      #expect(try own.json("/api/flows").list(at: "unusable").isEmpty)
    }

    @Test("a flow is added, read, changed, rolled back and deleted")
    func life() throws {
      let added = try ask("POST", "?name=greeting-life", Self.greeting)
      #expect(added.status == 201 && added.etag == "\"1\"")
      #expect(added.json["version"] == .integer(1))
      #expect(try ask("POST", "?name=greeting-life", Self.greeting).status == 409)
      #expect(try ask("GET", "/greeting-life/text").text == Self.greeting)
      let saved = try ask("PUT", "/greeting-life", Self.changed, version: "\"1\"")
      #expect(saved.status == 200 && saved.etag == "\"2\"")
      #expect(try ask("GET", "/greeting-life").json["version"] == .integer(2))
      #expect(try ask("GET", "/greeting-life/text?version=1").text == Self.greeting)
      #expect(try ask("GET", "/greeting-life/text?version=7").status == 404)
      #expect(
        try ask("GET", "/greeting-life/versions").json.list(at: "versions").map { $0["version"] } == [
          .integer(2), .integer(1),
        ])
      let back = try ask("POST", "/greeting-life/versions/1", version: "\"2\"")
      #expect(back.status == 200 && back.etag == "\"3\"")
      #expect(try ask("GET", "/greeting-life/text").text == Self.greeting)
      #expect(try ask("POST", "/greeting-life/versions/9", version: "\"3\"").status == 404)
      #expect(try ask("DELETE", "/greeting-life", version: "\"3\"").status == 204)
      #expect(try ask("GET", "/greeting-life").status == 404)
      #expect(try ask("GET", "/greeting-life/versions").status == 404)
    }

    @Test("a change must say which version it was made from, and that must be the newest")
    func conflicts() throws {
      _ = try ask("POST", "?name=greeting-conflict", Self.greeting)
      #expect(try ask("PUT", "/greeting-conflict", Self.changed).status == 428)
      #expect(try ask("PUT", "/greeting-conflict", Self.changed, version: "soon").status == 400)
      #expect(try ask("PUT", "/greeting-conflict", Self.changed, version: "\"1\"").status == 200)
      let late = try ask("PUT", "/greeting-conflict", Self.greeting, version: "\"1\"")
      #expect(late.status == 412)
      #expect(late.json.text(at: "detail")?.contains("at version 2") == true)
      #expect(try ask("GET", "/greeting-conflict/text").text == Self.changed)
      #expect(try ask("DELETE", "/greeting-conflict", version: "\"1\"").status == 412)
      #expect(try ask("DELETE", "/greeting-conflict").status == 428)
      #expect(try ask("PUT", "/nobody", Self.greeting, version: "\"1\"").status == 404)
    }

    @Test("a text that is wrong is refused with every fault and its line, and nothing changes")
    func faults() throws {
      let wrong = Self.greeting.replacing("next: bye", with: "next: by")
      let added = try ask("POST", "?name=greeting-fault", wrong)
      #expect(added.status == 400)
      #expect(added.json["faults"]?.list().first?["line"] == .integer(3))
      #expect(try ask("GET", "/greeting-fault").status == 404)
      let checked = try ask("POST", "/check?name=greeting-fault", wrong)
      #expect(checked.status == 200)
      #expect(checked.json["ok"] == .bool(false) && checked.json["svg"] == nil)
      #expect(checked.json["faults"] == added.json["faults"])
      let right = try ask("POST", "/check?name=greeting-fault", Self.greeting)
      #expect(right.json["ok"] == .bool(true))
      #expect(right.json.text(at: "svg")?.hasPrefix("<svg") == true)
      #expect(try ask("POST", "?name=greeting-fault", "flow: other\n" + Self.greeting).status == 400)
      #expect(try ask("POST", "?name=Not%20a%20name", Self.greeting).status == 400)
      #expect(try ask("POST", "?name=check", Self.greeting).status == 400)
      #expect(try ask("POST", "?name=try", Self.greeting).status == 400)
      #expect(try ask("POST", "", Self.greeting).status == 400)
      let long = String(repeating: "# a comment\n", count: 30_000) + Self.greeting
      #expect(try ask("POST", "?name=greeting-fault", long).status == 413)
    }

    @Test("a flow that another one transfers to cannot go, and one may transfer only to what is there")
    func transfers() throws {
      _ = try ask("POST", "?name=greeting-transfer", Self.greeting)
      let visitor = "states: {first: {say: One moment., next: over}, over: {transfer: greeting-transfer}}"
      #expect(try ask("POST", "?name=visitor-transfer", visitor).status == 201)
      #expect(try ask("DELETE", "/greeting-transfer", version: "\"1\"").status == 400)
      #expect(try ask("GET", "/greeting-transfer").status == 200)
      #expect(try ask("DELETE", "/visitor-transfer", version: "\"1\"").status == 204)
      #expect(try ask("DELETE", "/greeting-transfer", version: "\"1\"").status == 204)
      #expect(try ask("POST", "?name=visitor-transfer", visitor).status == 400)
    }

    @Test("a call ends on the version it began with; the next one has the new version")
    func liveCall() throws {
      _ = try ask("POST", "?name=greeting-live", Self.greeting)
      let line = try HandDrivenCall(server, flow: "greeting-live")
      #expect(line.log.wait { $0.says("Version one?") })
      #expect(try ask("PUT", "/greeting-live", Self.changed, version: "\"1\"").status == 200)
      line.send(.text("anything"))
      #expect(line.log.wait { $0.says("Still one.") })
      let next = try HandDrivenCall(server, flow: "greeting-live")
      #expect(next.log.wait { $0.says("Version two?") })
      for call in [line, next] {
        call.send(.hangup)
        #expect(call.log.wait { $0.ending != nil })
      }
    }

    @Test("a check says which states there are and where, with faults and without")
    func stateLines() throws {
      let right = try ask("POST", "/check?name=greeting-lines", Self.greeting)
      #expect(right.json["flow"]?.list(at: "states").count == 3)
      let places: [JSONValue] = [
        .object(["name": .string("ask"), "line": .integer(2)]),
        .object(["name": .string("again"), "line": .integer(3)]),
        .object(["name": .string("bye"), "line": .integer(4)]),
      ]
      #expect(right.json.list(at: "states") == places)
      let wrong = try ask("POST", "/check?name=greeting-lines", Self.greeting.replacing("next: bye", with: "next: by"))
      #expect(wrong.json["flow"] == nil || wrong.json["flow"] == .null)
      #expect(wrong.json.list(at: "states") == places)
    }

    @Test("a picture is drawn in the form that is asked for, of a flow and of a text")
    func forms() throws {
      let standalone = try ask("GET", "/ping/graph").text
      #expect(standalone.hasPrefix("<svg") && standalone.contains("<style>"))
      #expect(try ask("GET", "/ping/graph?form=standalone").text == standalone)
      let embedded = try ask("GET", "/ping/graph?form=embedded")
      #expect(embedded.status == 200 && embedded.text.hasPrefix("<svg") && !embedded.text.contains("<style>"))
      #expect(embedded.text.contains("data-flow=\"ping\""))
      let checked = try ask("POST", "/check?name=greeting-forms&form=embedded", Self.greeting)
      let svg = try #require(checked.json.text(at: "svg"))
      #expect(svg.contains("data-state=\"again\"") && !svg.contains("<style>"))
      let plain = try ask("POST", "/check?name=greeting-forms", Self.greeting).json.text(at: "svg")
      #expect(plain?.contains("<style>") == true)
      #expect(checked.json["flow"] == (try ask("POST", "/check?name=greeting-forms", Self.greeting)).json["flow"])
    }

    @Test("a picture in no form that there is, of faults, of a text too long or of none")
    func formFaults() throws {
      let detail = "form: there is no round; there are standalone, embedded"
      for answer in [
        try ask("GET", "/ping/graph?form=round"), try ask("POST", "/check?form=round", Self.greeting),
      ] {
        #expect(answer.status == 400 && answer.json.text(at: "detail") == detail)
      }
      #expect(try ask("GET", "/nobody/graph?form=embedded").status == 404)
      let wrong = try ask("POST", "/check?form=embedded", "states: {a: {say: b, next: c}}")
      #expect(wrong.status == 200 && wrong.json.text(at: "svg") == nil && !wrong.json.list(at: "faults").isEmpty)
      let long = Self.greeting + String(repeating: "#", count: FlowLimits.fileBytesMax)
      #expect(try ask("POST", "/check?form=embedded", long).status == 413)
      #expect(try ask("POST", "/check?form=embedded").json["ok"] == .bool(false))
    }

    @Test("methods and paths that there are not")
    func paths() throws {
      #expect(try ask("PATCH", "").status == 405)
      #expect(try ask("POST", "/ping").status == 405)
      #expect(try ask("GET", "/check").status == 405)
      #expect(try ask("GET", "/try").status == 405)
      #expect(try ask("GET", "/ping/nothing").status == 404)
      #expect(try ask("GET", "/ping/graph").text.hasPrefix("<svg"))
      #expect(try ask("GET", "/nobody/graph").status == 404)
    }

    @Test("where flows are fixed, nothing can be changed, and all can be read")
    func fixed() throws {
      let server = try TestServer.shared.get()
      let answer = try server.ask("/api/flows?name=greeting-fixed", method: "POST", body: Self.greeting)
      #expect(answer.status == 409)
      #expect(try server.json("/api/flows/ping")["version"] == nil)
    }
  }
}

extension CallLog {
  /// Whether the agent began to say so.
  fileprivate func says(_ text: String) -> Bool {
    messages.contains { if case .agent(let notice) = $0 { notice.text == text } else { false } }
  }
}
