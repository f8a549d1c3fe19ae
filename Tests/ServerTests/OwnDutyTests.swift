import TestSupport
import CallCore
import CallDriver
import CallServer
import JSON
import Testing
import WebSockets
import Wires
import Formats

extension ServerTests {
  @Suite("The server's own duties beside the requests of strangers")
  struct OwnDutyTests {
    /// A server whose history stands still until the test is over.
    private final class Harness {
      let store = HeldHistory()
      let server: TestServer
      let client = HTTPClient()

      init() throws { server = try TestServer(store: store) }

      deinit {
        store.isHeld.change { $0 = false }
        client.stop()
      }
    }

    @Test("a call's record is kept while requests take every thread and every place that requests have")
    func records() throws {
      let harness = try Harness()
      let (store, server, client) = (harness.store, harness.server, harness.client)
      let answers = Probe<[Int]>([])
      let count = PeerQuota.perPeerMax + 20
      for _ in 0..<count {
        client.send(HTTPClientRequest(method: "GET", url: server.url + "/api/calls")) { result in
          if case .success(let response) = result { answers.change { $0.append(response.status) } }
        }
      }
      #expect(store.asked.wait { $0 == 2 }, "both threads are taken")
      #expect(answers.wait { $0.contains(429) }, "and the share of this address, too")
      let line = try HandDrivenCall(server, flow: "chat")
      line.send(.hangup)
      #expect(line.log.wait { $0.ending != nil })
      let id = try #require(line.log.current.ready?.callID)
      #expect(server.record(id) != nil)
      #expect(try server.ask("/openapi.json").status != 500)
      #expect(try server.figure("voiceforge_history_lost_total") == 0)
      store.isHeld.change { $0 = false }
      #expect(answers.wait { $0.count == count })
    }

    @Test("documents that never change are answered without a thread that requests share")
    func documents() throws {
      let harness = try Harness()
      let (store, server, client) = (harness.store, harness.server, harness.client)
      let first = try server.ask("/openapi.json").body
      for _ in 0..<4 { client.send(HTTPClientRequest(method: "GET", url: server.url + "/api/calls")) { _ in } }
      #expect(store.asked.wait { $0 == 2 })
      #expect(try server.ask("/openapi.json").body == first)
    }
  }
}
