import CallCore
import Wires

extension CaseResult {
  /// Name of this attempt's files, without extension: the id with `+` for `/`, and the attempt where there are several, such as
  /// `orders+status@2`. Neither sign can stand in an id, so names are unique; anything else that cannot becomes `-`.
  public var fileName: String {
    let letters = testCase.id.map { letter in
      letter == "/"
        ? "+" : letter.isASCII && (letter.isLetter || letter.isNumber || "-_.".contains(letter)) ? letter : "-"
    }
    return String(letters) + (attempt > 1 ? "@\(attempt)" : "")
  }

  /// For people: the id, and which attempt.
  func name(in run: SimulationRun) -> String {
    run.repeats > 1 ? "\(testCase.id) (attempt \(attempt) of \(run.repeats))" : testCase.id
  }

  /// The agent's record, or what the messages said where the record did not come.
  var transcript: [TranscriptEntry] {
    if let record = evidence.record { return record.transcript }
    return evidence.notices.compactMap { notice in
      guard case .transcript(let said) = notice.message, said.isFinal else { return nil }
      return TranscriptEntry(
        turn: said.turn, role: said.role, text: said.text, at: said.at, source: said.source, playedText: said.text)
    }
  }
}
