import CallCore
import Formats
import Foundation
import Testing

@Suite("Flow as a text conversation")
struct FlowConversationTests {
  private func console(_ lines: [String]) throws -> (shown: [String], conversation: TextConversation) {
    let library = try SampleFlows.library()
    let flow = try #require(library["order-status"])
    var rest = lines[...]
    var shown: [String] = []
    var console = ConversationConsole(TextConversation(FlowMachine(flow: flow, library: library))) {
      rest.popFirst()
    } show: {
      shown.append($0)
    }
    console.run()
    return (shown, console.conversation)
  }

  @Test("A conversation is shown line by line to its end")
  func story() throws {
    let (shown, conversation) = try console(["/keys 4711#", "yes", "no", "never heard"])
    #expect(
      shown == [
        "        → welcome (begin)", "agent   Hello, this is the order desk.", "        → order (said)",
        "agent   What is your four digit order number? You can say it or key it in.",
        "agent   That is four seven one one, right?", "        order = 4711", "        → look-up (order)",
        "agent   Thank you. One moment, please.",
        "        GET http://127.0.0.1:9/orders/4711: failed: no HTTP in text mode",
        "        GET http://127.0.0.1:9/orders/4711: failed: no HTTP in text mode", "        → no-answer (failed)",
        "agent   I am sorry, I cannot reach the order system right now. Shall we call you back?",
        "        wants_call = no", "        → call-back (wants_call)", "        → not-answered (else)",
        "agent   Please try again later. Goodbye.", "ended   completed: not-answered",
      ])
    #expect(conversation.ending?.outcome == "not-answered")
  }

  @Test("The caller hangs up with /quit or at the end of the lines", arguments: [[" /quit "], []])
  func hangsUp(lines: [String]) throws {
    let (shown, conversation) = try console(lines)
    #expect(shown.last == "ended   caller-hung-up")
    #expect(conversation.ending == nil)
  }

  @Test("A command that there is not is explained and does nothing", arguments: ["/help", "/keys", "/keys abc"])
  func unknown(line: String) throws {
    let (shown, conversation) = try console([line])
    #expect(shown.contains { $0.contains("/keys 123, /silence, /mumble, /beep, /quit") })
    #expect(conversation.machine.currentState == "order")
  }

  @Test(
    "An empty line and /silence say nothing, /mumble is not understood",
    arguments: [
      ("", FlowInput.nothingSaid), ("/silence", .nothingSaid), ("/mumble", .notUnderstood), ("/beep", .beepHeard),
      ("/keys 1 2#", .pressed("12")),
      ("Hello", .said("Hello")),
    ])
  func lines(line: String, input: FlowInput) {
    #expect(TextConversation.input(of: line) == input)
  }

  @Test("The transcript is JSON with every event in order")
  func transcript() throws {
    let (_, conversation) = try console(["4711", "yes", "no"])
    let data = try JSONEncoder().encode(ConversationTranscript(conversation))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["flow"] as? String == "order-status" && object["state"] as? String == "not-answered")
    #expect(object["reason"] as? String == "completed" && object["outcome"] as? String == "not-answered")
    #expect(object["slots"] as? [String: String] == ["order": "4711", "wants_call": "no"])
    let events = try #require(object["events"] as? [[String: String]])
    #expect(events.first == ["kind": "state", "state": "welcome", "from": "", "because": "begin"])
    #expect(events.last == ["kind": "end", "reason": "completed", "outcome": "not-answered"])
    #expect(events.filter { $0["kind"] == "caller" }.map { $0["text"] } == ["4711", "yes", "no"])
    #expect(events.contains(["kind": "slot", "slot": "order", "value": "4711"]))
    #expect(Set(events.compactMap { $0["kind"] }) == ["state", "agent", "caller", "slot", "tool", "end"])
  }

  @Test("The same lines and the same seed give the same conversation")
  func replays() throws {
    let lines = ["blue", "/silence", "4711", "yes", "no"]
    #expect(try console(lines).conversation.events == console(lines).conversation.events)
  }
}
