import CallCore
import Simulation
import Testing
import Wires

@Suite("The transcript of a call over somebody else's wire")
struct ForeignTranscriptTests {
  @Test("what the agent said stands where it was heard first, also when its words come after the caller's answer")
  func wordsThatComeLate() {
    var call = StagedCall()
    call.evidence.wire = .rtvi
    (call.evidence.record, call.evidence.notices) = (nil, [])
    func agent(_ text: String) -> ServerMessage {
      var entry = TranscriptEntry(
        turn: TurnID(0), role: .agent, text: text, at: .zero, source: .speech, utterance: UtteranceID(1),
        playedText: text)
      entry.heard = .seconds(1)
      return .agent(AgentNotice(.finished, entry))
    }
    call.tell(agent(""), 2000)
    call.understood("Thursday", turn: 1, speechAt: 2500, 3000)
    call.tell(agent("On which day?"), 4000)
    let transcript = call.judged().transcript
    #expect(transcript.map(\.text) == ["On which day?", "Thursday"])
    #expect(transcript.first?.at == StagedCall.at(1000))
  }
}
