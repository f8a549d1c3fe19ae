import CallCore
import Testing
import JSON
import Wires
import Formats

@Suite("Sample flow appointment")
struct AppointmentFlowTests {
  private let friday = ["today": "2026-05-01"]

  @Test("A caller books tomorrow at half past three")
  func books() throws {
    var call = try SampleFlows.conversation("appointment", variables: friday)
    #expect(call.agent.first == "Hello, this is the Harbour Clinic.")
    call.say("I'd like to book an appointment.", "Tomorrow, please.", "Half past three.")
    #expect(call.agent.last == "You said tomorrow, Saturday the second of May at half past three, is that right?")
    call.say("Yes, that's right.", "My name is Ada Lovelace.")
    #expect(call.agent.last == "Did you say Ada Lovelace?")
    call.say("Yes.")
    #expect(call.ending == FlowEnding(reason: .completed, outcome: "booked"))
    #expect(call.machine.slots == ["day": "2026-05-02", "time": "15:30", "name": "Ada Lovelace"])
    let last =
      "Thank you, Ada Lovelace. You are booked for tomorrow, Saturday the second of May at half past three. Goodbye."
    #expect(call.agent.last == last)
  }

  @Test("Without a date of today the day stays in words")
  func booksWithoutToday() throws {
    var call = try SampleFlows.conversation("appointment")
    call.say("Book.", "Next Monday.", "At 10 a.m.")
    #expect(call.agent.last == "You said next Monday at ten o'clock, is that right?")
    call.say("Yep", "Grace Hopper.", "Yes.")
    #expect(call.machine.slots["day"] == "next Monday")
    #expect(call.ending?.outcome == "booked")
  }

  @Test("A wrong day is asked again and the rest with it")
  func correctsDay() throws {
    var call = try SampleFlows.conversation("appointment", variables: friday)
    call.say("Book an appointment", "Tuesday", "9:15", "No.")
    #expect(call.agent.last == "Which day suits you, then?")
    call.say("Wednesday.", "Quarter past nine.")
    #expect(call.agent.last == "You said Wednesday the sixth of May at quarter past nine, is that right?")
    call.say("That's the wrong time.", "11.", "Correct.", "It's Alan.", "Yes")
    #expect(call.machine.slots == ["day": "2026-05-06", "time": "11:00", "name": "Alan"])
  }

  @Test(
    "Silence and mumbling are asked again twice and then lead to the front desk",
    arguments: ["/silence", "/mumble", "The weather is nice."])
  func givesUp(line: String) throws {
    var call = try SampleFlows.conversation("appointment")
    call.say(line, line)
    #expect(call.ending == nil)
    #expect(call.agent.count == 4)
    call.say(line)
    #expect(call.ending == FlowEnding(reason: .transferred, outcome: "+15550100"))
  }

  @Test("Keys work as words do: hours, then cancel")
  func keys() throws {
    var call = try SampleFlows.conversation("appointment")
    #expect(call.listening?.keysMax == 1)
    call.say("/keys 3")
    #expect(call.agent.contains("We are open from Monday to Friday, from eight in the morning until six."))
    #expect(call.agent.last == "You can book, cancel, or ask for our hours. What would you like?")
    call.say("/keys 2", "Grace Hopper")
    #expect(call.ending == FlowEnding(reason: .completed, outcome: "cancelled"))
  }

  @Test("Repeat says the question again, wherever the caller is")
  func repeats() throws {
    var call = try SampleFlows.conversation("appointment")
    call.say("book", "Could you say that again?")
    #expect(call.agent.suffix(2) == ["Which day would you like to come?", "Which day would you like to come?"])
    call.say("Can I talk to a person?")
    #expect(call.ending?.reason == .transferred)
  }

  @Test("A name that was misheard is asked again")
  func correctsName() throws {
    var call = try SampleFlows.conversation("appointment", variables: friday)
    call.say("book", "today", "noon", "yes", "Allen", "No.", "Alan Turing", "Yes.")
    #expect(call.machine.slots["name"] == "Alan Turing")
    #expect(
      call.agent.last == "Thank you, Alan Turing. You are booked for today, Friday the first of May at noon. Goodbye.")
  }
}
