import CallCore
import Testing

@Suite("An agent that says back what it understood")
struct EchoFlowTests {
  @Test("words and keys are said back, silence is not answered, and it always listens again")
  func inputs() {
    var flow = EchoFlow()
    let table: [(FlowInput, String?)] = [
      (.begin, nil), (.said("Good day."), "Good day."), (.pressed("12"), "12"), (.nothingSaid, nil),
      (.notUnderstood, nil), (.toolAnswered(.timedOut), nil),
    ]
    for (input, words) in table {
      var outputs: [FlowOutput] = []
      flow.handle(input, into: &outputs)
      #expect(outputs.count == (words == nil ? 1 : 2))
      if let words { #expect(outputs.first == .say(words, interruptible: true)) }
      guard case .listen(let listening)? = outputs.last else {
        Issue.record("it does not listen behind \(input)")
        continue
      }
      #expect(listening.noInputAfter >= TurnLimits().callDurationMax)
    }
  }
}
