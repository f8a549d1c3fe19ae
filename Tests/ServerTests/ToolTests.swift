import CallCore
import CallDriver
import CallServer
import Testing
import JSON
import Wires
import TestSupport
import Formats

extension ServerTests {
  @Suite("A flow that asks another server")
  struct ToolTests {
    static let branches: [(mood: OrderService.Mood, outcome: String, says: String)] = [
      (.answers, "known", "It is shipped in Bergen."), (.fails, "broken", "The desk cannot help."),
      (.hangs, "hanging", "The desk does not answer."), (.babbles, "broken", "The desk cannot help."),
    ]

    @Test("takes values from the answer, and goes on when there is none", arguments: branches)
    func branch(_ mood: OrderService.Mood, outcome: String, says: String) throws {
      let orders = try OrderService(mood)
      let hosts = try ToolHosts("127.0.0.1")
      let server = try TestServer(flows: TestFlows.library(["lookup": TestFlows.lookup(orders: orders.url)])) {
        $0.toolHosts = hosts
      }
      let line = try HandDrivenCall(server, flow: "lookup")
      #expect(line.log.wait { $0.finished.count == 1 })
      for digit in "4711" { line.send(.dtmf(digit)) }
      #expect(line.log.wait { $0.closed != nil })
      #expect(orders.asked.current == ["/orders/4711"])
      let record = try #require(line.log.current.ending?.record?.record)
      #expect(record.reason == .completed)
      #expect(record.outcome == outcome)
      #expect(record.transcript.last?.text == says)
      #expect(record.slots["order"] == "4711")
      if case .hangs = mood {
        let called = try #require(record.timeline.first { $0.kind == .toolCalled })
        let answered = try #require(record.timeline.first { $0.kind == .toolAnswered })
        let wait = (answered.at - called.at).milliseconds
        #expect(wait >= 490, "\(wait) ms for a time-out of 500 ms")
      }
    }

    static let strangers: [(hosts: String?, from: String, to: String)] = [
      (nil, "127.0.0.1", "127.0.0.1"), (nil, "127.0.0.1", "localhost"), (nil, "127.0.0.1", "2130706433"),
      (nil, "127.0.0.1", "127.1"), (nil, "127.0.0.1", "0x7f000001"), (nil, "127.0.0.1", "[::ffff:127.0.0.1]"),
      (nil, "127.0.0.1", "0.0.0.0"), ("*", "127.0.0.1", "127.0.0.1"), ("orders.example", "127.0.0.1", "127.0.0.1"),
      ("127.0.0.1:1", "127.0.0.1", "127.0.0.1"), ("127.0.0.2", "127.0.0.1", "127.0.0.1"),
      ("10.0.0.0/8", "127.0.0.1", "localhost"),
    ]

    @Test("asks no address of this machine that is not named, however it is written", arguments: strangers)
    func unnamed(_ hosts: String?, from: String, to host: String) throws {
      let outcome = try outcome(hosts, .answers) { $0.replacing(from, with: host) }
      #expect(outcome.outcome == "broken" && outcome.asked.isEmpty, "\(outcome)")
    }

    @Test("asks a host by name where it is named, also when its first address does not answer")
    func namedHost() throws {
      let outcome = try outcome("localhost", .answers) { $0.replacing("127.0.0.1", with: "localhost") }
      #expect(outcome.outcome == "known" && outcome.asked == ["/orders/4711"], "\(outcome)")
    }

    @Test("follows no redirect")
    func redirect() throws {
      let other = try OrderService(.answers)
      let outcome = try outcome("127.0.0.1", .moved("\(other.url)/orders/4711")) { $0 }
      #expect(outcome.outcome == "broken" && other.asked.current.isEmpty, "\(outcome)")
    }

    private func outcome(
      _ hosts: String?, _ mood: OrderService.Mood, _ url: (String) -> String
    ) throws -> (outcome: String?, asked: [String]) {
      let orders = try OrderService(mood)
      let hosts = try hosts.map { try ToolHosts($0) } ?? ToolHosts()
      let server = try TestServer(flows: TestFlows.library(["lookup": TestFlows.lookup(orders: url(orders.url))])) {
        $0.toolHosts = hosts
      }
      let line = try HandDrivenCall(server, flow: "lookup")
      #expect(line.log.wait { !$0.packets.isEmpty })
      for digit in "4711" { line.send(.dtmf(digit)) }
      #expect(line.log.wait { $0.closed != nil })
      return (line.log.current.ending?.record?.record.outcome, orders.asked.current)
    }

    @Test("whose address cannot be used fails without telling it: it may hold a password")
    func unusableAddress() throws {
      let flow = TestFlows.lookup(orders: "http://me:s3cr3t@127.0.0.1:1")
      let server = try TestServer(flows: TestFlows.library(["lookup": flow]))
      let line = try HandDrivenCall(server, flow: "lookup")
      #expect(line.log.wait { !$0.packets.isEmpty })
      for digit in "4711" { line.send(.dtmf(digit)) }
      #expect(line.log.wait { $0.closed != nil })
      let record = try #require(line.log.current.ending?.record?.record)
      #expect(record.outcome == "broken")
      #expect(record.timeline.contains { $0.kind == .toolAnswered && $0.detail.contains("address cannot be used") })
      #expect(!"\(record)".contains("s3cr3t"))
    }

    @Test("that is not there says so, as the sample order-status does")
    func noDesk() throws {
      let server = try TestServer.shared.get()
      let line = try HandDrivenCall(server, flow: "order-status")
      #expect(line.log.wait { !$0.packets.isEmpty })
      for digit in "4711" { line.send(.dtmf(digit)) }
      #expect(line.log.wait { $0.texts.contains { $0.contains("right?") } })
      line.send(.dtmf("1"))
      #expect(line.log.wait { $0.texts.contains { $0.contains("cannot reach the order system") } })
      line.send(.text("yes"))
      #expect(line.log.wait { $0.closed != nil })
      let record = try #require(line.log.current.ending?.record?.record)
      #expect(record.outcome == "call-back")
      #expect(record.slots["order"] == "4711")
      #expect(record.transcript.contains { $0.role == .caller && $0.source == .keys && $0.text == "4711" })
      #expect(record.transcript.contains { $0.role == .caller && $0.source == .text && $0.text == "yes" })
    }
  }
}
