import CallCore
import Simulation
import Testing
import Wires

@Suite("The agent's utterances, by ear")
struct AgentByEarTests {
  /// Sounds, instants at which the agent had its audio dropped, ends of the caller's turns, and the utterances that come of it, all in ms.
  private static let calls:
    [(name: String, sounds: [[Int]], cuts: [Int], turns: [Int], utterances: [[Int]], cut: [Bool])] =
      [
        (
          "pauses below 900 ms are within an utterance", [[0, 500], [1399, 2000], [2900, 3000]], [], [],
          [[0, 2000], [2900, 3000]], [false, false]
        ),
        (
          "500 ms around the end of a turn part", [[0, 500], [1000, 1500]], [], [700], [[0, 500], [1000, 1500]],
          [false, false]
        ),
        (
          "a cut parts what follows at once", [[0, 1000], [1050, 3000]], [1000], [], [[0, 1000], [1050, 3000]],
          [true, false]
        ),
        ("a cut within a sound parts it", [[0, 3000]], [1000], [], [[0, 1000], [1000, 3000]], [true, false]),
        (
          "40 ms behind a cut belong to what was cut", [[0, 1000], [1060, 1100], [3000, 4000]], [1000], [2500],
          [[0, 1100], [3000, 4000]], [true, false]
        ),
        (
          "the same without a gap", [[0, 1040], [3000, 4000]], [1000], [2500], [[0, 1040], [3000, 4000]], [true, false]
        ),
        (
          "a short word with more behind it is an answer", [[0, 1000], [1060, 1200], [1300, 2000]], [1000], [],
          [[0, 1000], [1060, 2000]], [true, false]
        ),
        (
          "a short word long after a cut is one", [[0, 1000], [1300, 1400]], [1000], [], [[0, 1000], [1300, 1400]],
          [true, false]
        ),
      ]

  @Test("sounds become utterances", arguments: calls.indices)
  func utterances(index: Int) {
    let call = Self.calls[index]
    var evidence = CallEvidence(mode: .live)
    func at(_ milliseconds: Int) -> Timestamp { .zero + .milliseconds(milliseconds) }
    evidence.agentSpeech = call.sounds.map { SpeechSpan(start: at($0[0]), end: at($0[1])) }
    evidence.agentCuts = call.cuts.map(at)
    evidence.acts = call.turns.enumerated().map { number, end in
      CallerAct(turn: number + 1, began: at(end - 100), ended: at(end))
    }
    let found = RecognizedUtterance.all(in: evidence, pause: .milliseconds(900))
    let edges = found.map { utterance in
      let instants = [utterance.spans[0].start, utterance.spans[utterance.spans.count - 1].end]
      return instants.map { Int($0.microseconds / 1000) }
    }
    #expect(edges == call.utterances, "\(call.name)")
    #expect(found.map(\.isCut) == call.cut, "\(call.name)")
  }
}
