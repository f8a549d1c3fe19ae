import CallCore
import CallDriver
import CallServer
import JSON
import Stores
import TestSupport
import Testing
import WebSockets

extension ServerTests {
  @Suite("Flows of nodes over REST")
  struct NodeFlowTests {
    /// A server with two keys that may do everything, and one that may read.
    private struct KeyedFlowServer {
      let alice = KeySecret.random()
      let bob = KeySecret.random()
      let reader = KeySecret.random()
      let server: TestServer

      init() throws {
        let keys = MemoryKeyStore()
        for (name, secret) in [("alice", alice), ("bob", bob)] {
          _ = try keys.add(secret.sealed(name: name, scopes: Set(KeyScope.allCases), at: 0))
        }
        _ = try keys.add(reader.sealed(name: "reader", scopes: [.read], at: 0))
        server = try TestServer(flowStore: MemoryFlowStore(), keys: keys, waits: false)
      }

      func ask(
        _ method: String, _ path: String, _ body: String = "", as key: KeySecret? = nil
      ) throws -> HTTPClientResponse {
        try server.ask("/api/\(path)", method: method, headers: [("x-api-key", (key ?? alice).text)], body: body)
      }

      func json(_ method: String, _ path: String, _ body: String = "", as key: KeySecret? = nil) throws -> JSONValue {
        try JSONValue(parsing: ask(method, path, body, as: key).body)
      }

      /// - Returns: the id.
      func add() throws -> String {
        try #require(try json("POST", "agent-flows", #"{"name":"Front desk"}"#).text(at: "id"))
      }
    }

    private static let nodes = """
      {"nodes":[{"type":"subagent","position":{"x":10,"y":20},"data":{"systemPrompt":"Be kind."}},
      {"type":"end_call","position":{"x":10,"y":90},"data":{"message":"Goodbye."}}]}
      """
    private static let edges = #"{"edges":[{"sourceNodeId":"subagent-1","targetNodeId":"end-call-1"}]}"#

    @Test("a flow is added, drawn piece by piece, served as a flow, and removed")
    func life() throws {
      let desk = try KeyedFlowServer()
      let made = try desk.ask("POST", "agent-flows", #"{"name":"Front desk","configuration":{"zoom":1}}"#)
      let document = try JSONValue(parsing: made.body)
      let id = try #require(document.text(at: "id"))
      #expect(made.status == 201 && made.headers["location"] == "/api/agent-flows/\(id)")
      #expect(FlowText.isName(id) && document.text(at: "apiKeyId") == desk.alice.id)
      #expect(document.text(at: "configuration.zoom") == "1" && document.text(at: "description") == "")
      #expect(document["callable"] == .bool(false))
      #expect(document.text(at: "faults.0.message")?.hasPrefix("the flow has no nodes") == true)
      #expect(try desk.ask("GET", "flows/\(id)").status == 404)
      let nodes = try desk.json("POST", "agent-flows/\(id)/nodes", Self.nodes)
      #expect(nodes.elements.compactMap { $0.text(at: "id") } == ["subagent-1", "end-call-1"])
      #expect(nodes.text(at: "0.flowId") == id && nodes.text(at: "0.position.y") == "20")
      #expect(nodes.text(at: "1.data.message") == "Goodbye." && nodes.text(at: "1.type") == "end_call")
      #expect(try desk.json("GET", "agent-flows/\(id)/nodes") == nodes)
      let unreached = try desk.json("GET", "agent-flows/\(id)")
      #expect(unreached["callable"] == .bool(false) && unreached.text(at: "faults.0.nodeId") == "end-call-1")
      let refused = try desk.ask("GET", "flows/\(id)")
      #expect(String(decoding: refused.body, as: UTF8.self).contains("cannot be called yet: node `end-call-1`"))
      let edges = try desk.json("POST", "agent-flows/\(id)/edges", Self.edges)
      #expect(edges.text(at: "0.sourceNodeId") == "subagent-1" && edges.text(at: "0.type") == "default")
      #expect(try desk.json("GET", "agent-flows/\(id)/edges") == edges)
      let flow = try desk.json("GET", "flows/\(id)")
      #expect(flow.text(at: "title") == "Front desk" && flow.text(at: "states.0.kind") == "llm")
      let picture = try desk.ask("GET", "flows/\(id)/graph")
      #expect(picture.status == 200 && String(decoding: picture.body, as: UTF8.self).contains("end-call-1"))
      let text = try desk.ask("GET", "flows/\(id)/text")
      #expect(text.status == 200 && text.headers["etag"] == "\"0\"")
      #expect(String(decoding: text.body, as: UTF8.self).contains("  end-call-1:\n    end:\n    say: \"Goodbye.\"\n"))
      // Its requests may hold secrets.
      #expect(try desk.ask("GET", "flows/\(id)/text", as: desk.bob).status == 404)
      #expect(try desk.json("GET", "flows/\(id)/versions")["versions"] == .array([]))
      let saved = try desk.server.ask(
        "/api/flows/\(id)", method: "PUT", headers: [("x-api-key", desk.alice.text), ("if-match", "\"0\"")],
        body: String(decoding: text.body, as: UTF8.self))
      #expect(saved.status == 404 && String(decoding: saved.body, as: UTF8.self).contains("/api/agent-flows/\(id)"))
      let changed = try desk.json("PATCH", "agent-flows/\(id)", #"{"name":"Desk","description":"Books."}"#)
      #expect(changed.text(at: "name") == "Desk" && changed["callable"] == .bool(true))
      #expect(changed.text(at: "configuration.zoom") == "1")
      #expect(try desk.json("GET", "agent-flows").elements == [changed])
      #expect(try desk.json("GET", "flows/\(id)").text(at: "description") == "Books.")
      #expect(try desk.json("DELETE", "agent-flows/\(id)")["success"] == .bool(true))
      #expect(try desk.ask("GET", "flows/\(id)").status == 404)
      let gone = try desk.ask("DELETE", "agent-flows/\(id)")
      #expect(gone.status == 404)
      #expect(try JSONValue(parsing: gone.body).text(at: "error")?.contains(id) == true)
    }

    @Test("what belongs to another key is not there, and a key that only reads changes nothing")
    func isolation() throws {
      let desk = try KeyedFlowServer()
      let id = try desk.add()
      #expect(try desk.json("GET", "agent-flows", as: desk.bob).elements.isEmpty)
      let asked = [
        ("GET", "", ""), ("PATCH", "", #"{"name":"mine"}"#), ("DELETE", "", ""), ("GET", "/nodes", ""),
        ("GET", "/edges", ""),
        ("POST", "/nodes", Self.nodes), ("POST", "/edges", Self.edges),
      ]
      for (method, path, body) in asked {
        #expect(try desk.ask(method, "agent-flows/\(id)\(path)", body, as: desk.bob).status == 404)
        #expect(
          try desk.ask(method, "agent-flows/\(id)\(path)", body, as: desk.reader).status
            == (method == "GET" ? 404 : 403))
      }
      #expect(try desk.json("GET", "agent-flows/\(id)").text(at: "name") == "Front desk")
      // What its tools ask, whom it calls and what it lacks is nobody else's business either.
      let lack = try desk.ask("GET", "flows/\(id)", as: desk.bob)
      #expect(!String(decoding: lack.body, as: UTF8.self).contains("cannot be called yet"))
      _ = try desk.json("POST", "agent-flows/\(id)/nodes", #"{"nodes":[{"type":"end_call"}]}"#)
      #expect(try desk.ask("GET", "flows/\(id)").status == 200)
      for path in ["flows/\(id)", "flows/\(id)/graph", "flows/\(id)/text"] {
        #expect(try desk.ask("GET", path, as: desk.bob).status == 404, "\(path)")
      }
      #expect(try !String(decoding: desk.ask("GET", "flows", as: desk.bob).body, as: UTF8.self).contains(id))
      #expect(try String(decoding: desk.ask("GET", "flows").body, as: UTF8.self).contains(id))
    }

    @Test(
      "wrong bodies are refused in the predecessor's shape, and change nothing",
      arguments: [
        ("POST", "", "{", 400), ("POST", "", "{}", 422), ("POST", "", #"{"name":""}"#, 422),
        ("POST", "", #"{"name":"x","configuration":[]}"#, 422), ("PATCH", "/ID", #"{"name":1}"#, 422),
        ("POST", "/ID/nodes", "[]", 422), ("POST", "/ID/nodes", #"{"nodes":[{"type":"menu"}]}"#, 422),
        ("POST", "/ID/edges", #"{"edges":[{"sourceNodeId":"a"}]}"#, 422),
        ("POST", "/none/nodes", #"{"nodes":[]}"#, 404),
      ])
    func refusals(method: String, path: String, body: String, status: Int) throws {
      let desk = try KeyedFlowServer()
      let id = try desk.add()
      let before = try desk.json("GET", "agent-flows")
      let answer = try desk.ask(method, "agent-flows" + path.replacing("ID", with: id), body)
      #expect(answer.status == status)
      #expect(try JSONValue(parsing: answer.body).text(at: "error") != nil)
      #expect(try desk.json("GET", "agent-flows") == before)
    }

    @Test("a key has so many flows, and no more")
    func limits() throws {
      let desk = try KeyedFlowServer()
      for _ in 0..<TelephonyLimits.nodeFlows.perOwnerMax { _ = try desk.add() }
      #expect(try desk.ask("POST", "agent-flows", #"{"name":"one more"}"#).status == 507)
      #expect(try desk.ask("POST", "agent-flows", #"{"name":"mine"}"#, as: desk.bob).status == 201)
    }

    @Test("flows that transfer to one of nodes stay as they are while that is drawn anew, and others can be removed")
    func transfer() throws {
      let desk = try KeyedFlowServer()
      let id = try desk.add()
      _ = try desk.json("POST", "agent-flows/\(id)/nodes", #"{"nodes":[{"type":"end_call"}]}"#)
      #expect(try desk.json("GET", "flows/\(id)").text(at: "name") == id)
      let text = "states: {on: {transfer: \(id)}}"
      #expect(try desk.ask("POST", "flows?name=\(id)", text).status == 409)
      #expect(try desk.ask("POST", "flows?name=lobby", text).status == 201)
      let kept = try desk.ask("DELETE", "agent-flows/\(id)")
      #expect(kept.status == 409 && String(decoding: kept.body, as: UTF8.self).contains("lobby"))
      _ = try desk.json("POST", "agent-flows/\(id)/nodes", #"{"nodes":[]}"#)
      #expect(try desk.ask("GET", "flows/\(id)").status == 404)
      #expect(try desk.ask("GET", "flows/lobby").status == 200)
      #expect(try desk.ask("POST", "flows?name=other", "states: {on: {end: done}}").status == 201)
      let removed = try desk.server.ask(
        "/api/flows/other", method: "DELETE", headers: [("x-api-key", desk.alice.text), ("if-match", "\"1\"")])
      #expect(removed.status == 204)
    }

    @Test("a number is not given to a flow that cannot be called, and the answer says why it cannot")
    func number() throws {
      let phone = try TelephonyServer(nodeFlows: true)
      let made = try phone.server.ask(
        "/api/agent-flows", method: "POST", headers: [("x-api-key", phone.alice.text)], body: #"{"name":"x"}"#)
      let id = try #require(JSONValue(parsing: made.body).text(at: "id"))
      let account = try #require(phone.json("POST", "providers", #"{"provider":"custom","name":"x"}"#).text(at: "id"))
      let answer = try phone.ask(
        "POST", "numbers", #"{"providerId":"\#(account)","phoneNumber":"+15550100","flowId":"\#(id)"}"#)
      #expect(answer.status == 422)
      #expect(String(decoding: answer.body, as: UTF8.self).contains("cannot be called yet: the flow has no nodes"))
    }
  }
}
