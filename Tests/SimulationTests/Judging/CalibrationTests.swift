import CallCore
import Formats
import Simulation
import Testing

@Suite("Trying a judge on kept calls")
struct CalibrationTests {
  private static func set(_ must: Bool...) -> CalibrationSet {
    let lines: [KeptCall.Line] = [
      .init(.caller, "Tuesday?"), .init(.agent, "Tuesday is full. Would Wednesday suit you?"),
    ]
    let calls = must.enumerated().map { index, isTrue in
      KeptCall(
        id: "call-\(index + 1)", criterion: "offers another day", isTrue: isTrue, lines: lines, line: 10 * (index + 1))
    }
    return CalibrationSet(id: "kept", calls: calls, file: "kept.yaml")
  }

  private static let yes = AnsweringModel.Answer.says("yes", "Would Wednesday suit you?")
  private static let no = AnsweringModel.Answer.says("no", "Tuesday is full")

  @Test("What must be and is not was misjudged; what nobody knows is invalid")
  func verdicts() {
    let model = AnsweringModel(Self.yes, Self.no, Self.no, Self.yes, .text("?"))
    var told: [Int] = []
    let result = ModelJudge(model).calibrate(Self.set(true, false, false, true)) { told.append($0) }
    #expect(result.calls.map(\.verdict) == [.passed, .passed, .failed, .invalid])
    #expect(told == [1, 2, 3, 4] && !result.isSound)
    #expect(result.summary == "2 of 4 calls judged right, 1 misjudged, 1 unjudged")
    #expect(result.rows[1].cells == ["✓", "call-2", "no", "no", "no, no", "offers another day", "“Tuesday is full”"])
    #expect(result.rows[3].cells[3...4] == ["unjudged", "–"])
    #expect(result.rows[3].cells[6] == "the answer is no JSON object: \"?\"")
  }

  @Test("What is asked about a kept call is asked as about any other")
  func question() {
    let model = AnsweringModel(Self.yes)
    #expect(ModelJudge(model).calibrate(Self.set(true)).isSound)
    #expect(
      model.questions[0].messages.last
        == .user(
          "Statement: The agent offers another day\n\nTranscript:\nCaller: Tuesday?\n"
            + "Agent: Tuesday is full. Would Wednesday suit you?"))
  }
}
