import CallCore
import Testing
import JSON
import Wires
import Formats

@Suite("Sample flow support-triage")
struct SupportTriageFlowTests {
  @Test("Something broken that can wait becomes a ticket")
  func ticket() throws {
    var call = try SampleFlows.conversation("support-triage")
    call.say("My internet stopped working.", "It can wait.", "The router blinks red all day.", "555 0142", "Yes.")
    #expect(call.ending == FlowEnding(reason: .completed, outcome: "broken-ticket"))
    #expect(call.machine.slots["urgency"] == "low")
    #expect(call.machine.slots["problem"] == "The router blinks red all day")
    #expect(call.machine.slots["number"] == "5550142")
  }

  @Test(
    "Urgent trouble, an emergency and a wish for a person go to the telephone on call",
    arguments: [
      ["It is broken", "It's very urgent."], ["/keys 1", "/keys 1"], ["There are sparks!"], ["It smells like burning"],
      ["Get me a human"], ["/keys 0"],
    ])
  func onCall(lines: [String]) throws {
    var call = try SampleFlows.conversation("support-triage")
    for line in lines { call.handleLine(line) }
    #expect(call.ending == FlowEnding(reason: .transferred, outcome: "+15550102"))
  }

  @Test("An appointment is booked by the other flow")
  func appointment() throws {
    var call = try SampleFlows.conversation("support-triage", variables: ["today": "2026-05-01"])
    call.say("I need a technician to come by.")
    #expect(call.machine.currentFlow == "appointment")
    #expect(call.agent.contains("Hello, this is the appointment desk."))
    call.say("book", "tomorrow", "noon", "yes", "Ada", "yes")
    #expect(call.ending == FlowEnding(reason: .completed, outcome: "booked"))
    #expect(call.machine.slots == ["topic": "appointment", "day": "2026-05-02", "time": "12:00", "name": "Ada"])
  }

  @Test("A bill is not asked for its urgency; the number can be corrected")
  func billing() throws {
    var call = try SampleFlows.conversation("support-triage")
    call.say("I was charged twice", "You charged me twice in May.", "one two three four five", "No, 12346.")
    #expect(call.agent.last == "I have one two three, four six. Is that right?")
    call.say("That's right")
    #expect(call.ending?.outcome == "billing-ticket")
    #expect(call.machine.slots["urgency"] == "normal")
  }

  @Test("Help, repeat, silence and nonsense")
  func lost() throws {
    var call = try SampleFlows.conversation("support-triage")
    call.say("help")
    #expect(
      call.agent.suffix(2) == [
        "You can tell me that something is broken, ask about a bill, or ask for an appointment.",
        "Is it something broken, a bill, or an appointment?",
      ])
    call.say("/keys *", "/silence", "bananas", "/silence", "bananas")
    #expect(call.ending == nil)
    call.say("/mumble")
    #expect(call.ending == FlowEnding(reason: .transferred, outcome: "+15550102"))
  }
}
