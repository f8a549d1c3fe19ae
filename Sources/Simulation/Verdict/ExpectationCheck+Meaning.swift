import CallCore
import CallDriver

extension ExpectationCheck {
  /// The sentence of the reply that is most like the text decides, or the reply as a whole.
  func similarInMeaning(_ text: String) -> Finding {
    let expected = "at least \(MeaningRule.sameMeaning) like \(ReportFormat.quoted(text)) in meaning"
    let sentences = SentenceSplitter.sentences(of: facts.reply.text)
    guard !sentences.isEmpty else {
      return Finding(isMet: false, expected: expected, actual: ReportFormat.quoted(facts.reply.text))
    }
    let phrases = sentences.count > 1 ? sentences + [facts.reply.text] : sentences
    do throws(EngineError) {
      let meaning = facts.meaning ?? AbsentMeaning()
      let similarities = try meaning.similarities(MeaningQuestion(text, phrases: phrases))
      guard let best = zip(phrases, similarities).max(by: { $0.1 < $1.1 }) else {
        return Finding(isMet: nil, expected: expected, actual: "not compared")
      }
      return Finding(
        isMet: best.1 >= MeaningRule.sameMeaning, expected: expected,
        actual: "\(best.1): \(ReportFormat.quoted(best.0))", similarity: best.1)
    } catch {
      return Finding(isMet: nil, expected: expected, actual: "not compared: \(error)")
    }
  }
}
