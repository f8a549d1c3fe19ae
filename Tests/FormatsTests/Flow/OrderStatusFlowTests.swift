import CallCore
import Formats
import Testing

@Suite("Sample flow order-status")
struct OrderStatusFlowTests {
  private func call(status: String?, arrives: String? = nil) throws -> TextConversation {
    try SampleFlows.conversation("order-status", variables: ["today": "2026-05-01"]) { request in
      guard request.url.hasSuffix("/orders/4711"), let status else { return .answered(status: 200, values: [:]) }
      var values = ["order.status": status]
      values["order.arrives"] = arrives
      return .answered(status: 200, values: values)
    }
  }

  @Test("A spoken number is confirmed, looked up and answered")
  func shipped() throws {
    var call = try call(status: "shipped", arrives: "2026-05-04")
    #expect(call.listening?.keysMax == 4)
    call.say("It's forty seven eleven.")
    #expect(call.agent.last == "That is four seven one one, right?")
    call.say("Yes.")
    #expect(
      call.agent.suffix(3) == [
        "Thank you. One moment, please.", "Good news. Your order has shipped and arrives Monday the fourth of May.",
        "Would you like to check another order?",
      ])
    call.say("No, that's all.")
    #expect(call.ending == FlowEnding(reason: .completed, outcome: "answered"))
    #expect(call.machine.slots["status"] == "shipped")
  }

  @Test(
    "Keys work too, and another order can follow",
    arguments: [
      ("packed", "Your order is packed and leaves us today."), ("cancelled", "Order four seven one one was cancelled."),
      ("shipped", "Good news. Your order has shipped."),
      ("?", "I cannot find an order with the number four seven one one."),
    ])
  func keyed(status: String, answer: String) throws {
    var call = try call(status: status)
    call.say("/keys 4711", "/keys 1")
    #expect(call.agent.contains(answer))
    call.say("/keys 1", "1234", "yes")
    #expect(call.agent.contains("I cannot find an order with the number one two three four."))
    call.say("/keys 2")
    #expect(call.ending?.outcome == "answered")
  }

  @Test("A misheard digit is corrected")
  func corrected() throws {
    var call = try call(status: "packed")
    call.say("4712", "No, the last digit is one.")
    #expect(call.agent.last == "That is four seven one one, right?")
    call.say("Right.")
    #expect(call.machine.slots["order"] == "4711")
  }

  @Test(
    "Without an order system the flow offers to call back",
    arguments: [("Yes, please.", "call-back"), ("no", "not-answered")])
  func failed(answer: String, outcome: String) throws {
    var call = try SampleFlows.conversation("order-status")
    call.say("4711", "yes")
    #expect(call.events.filter { if case .tool = $0 { true } else { false } }.count == 2)
    call.say(answer)
    #expect(call.ending == FlowEnding(reason: .completed, outcome: outcome))
  }

  @Test("A caller without a number gets a person; one who says nothing, an end")
  func others() throws {
    var call = try call(status: nil)
    call.say("I don't have it with me")
    #expect(call.ending == FlowEnding(reason: .transferred, outcome: "+15550101"))
    var silent = try self.call(status: nil)
    silent.say("/silence", "/silence")
    #expect(silent.agent.last == "Are you still there? What is the order number?")
    silent.say("/silence")
    #expect(silent.ending == FlowEnding(reason: .completed, outcome: "given-up"))
    var mumbling = try self.call(status: nil)
    mumbling.say("blue", "471")
    #expect(mumbling.agent.last == "Please say the four digits one by one, or key them in.")
    mumbling.say("4711", "yes")
    #expect(mumbling.machine.slots["order"] == "4711")
  }
}
