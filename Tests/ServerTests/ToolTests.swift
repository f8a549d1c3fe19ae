import CallCore
import CallDriver
import CallWire
import Testing

extension ServerTests {
  @Suite("A flow that asks another server")
  struct ToolTests {
    static let branches: [(mood: OrderDesk.Mood, outcome: String, says: String)] = [
      (.answers, "known", "It is shipped in Bergen."), (.fails, "broken", "The desk cannot help."),
      (.hangs, "hanging", "The desk does not answer."), (.babbles, "broken", "The desk cannot help."),
    ]

    @Test("takes values from the answer, and goes on when there is none", arguments: branches)
    func branch(_ mood: OrderDesk.Mood, outcome: String, says: String) throws {
      let desk = try OrderDesk(mood)
      let office = try TestOffice(flows: TestFlows.library(["lookup": TestFlows.lookup(desk: desk.url)]))
      let line = try HandLine(office, flow: "lookup")
      #expect(line.log.wait { $0.finished.count == 1 })
      for digit in "4711" { line.send(.dtmf(digit)) }
      #expect(line.log.wait { $0.closed != nil })
      #expect(desk.asked.current == ["/orders/4711"])
      let record = try #require(line.log.current.ending?.record?.record)
      #expect(record.reason == .completed)
      #expect(record.outcome == outcome)
      #expect(record.transcript.last?.text == says)
      #expect(record.slots["order"] == "4711")
      if mood == .hangs {
        let called = try #require(record.timeline.first { $0.kind == .toolCalled })
        let answered = try #require(record.timeline.first { $0.kind == .toolAnswered })
        let wait = (answered.at - called.at).milliseconds
        #expect(wait >= 490 && wait < 1100, "\(wait) ms for a time-out of 500 ms")
      }
    }

    @Test("that is not there says so, as the sample order-status does")
    func noDesk() throws {
      let office = try TestOffice.shared.get()
      let line = try HandLine(office, flow: "order-status")
      #expect(line.log.wait { !$0.packets.isEmpty })
      for digit in "4711" { line.send(.dtmf(digit)) }
      #expect(line.log.wait { $0.texts.contains { $0.contains("right?") } })
      line.send(.dtmf("1"))
      #expect(line.log.wait { $0.texts.contains { $0.contains("cannot reach the order system") } })
      line.send(.text("yes"))
      #expect(line.log.wait(20) { $0.closed != nil })
      let record = try #require(line.log.current.ending?.record?.record)
      #expect(record.outcome == "call-back")
      #expect(record.slots["order"] == "4711")
      #expect(record.transcript.contains { $0.role == .caller && $0.source == .keys && $0.text == "4711" })
      #expect(record.transcript.contains { $0.role == .caller && $0.source == .text && $0.text == "yes" })
    }
  }
}
