import CallCore
import CallDriver

/// Asks a language model about the calls of cases whose code checks all passed: each criterion is one question with yes, no or cannot tell for
/// an answer, and a quote that has to be in the transcript. An answer against the agent needs a second one like it, of three at most. What
/// the model leaves open is *unjudged*, and the case is then invalid. What it never decides is what code can check.
public struct ModelJudge: Sendable {
  /// Of the words of the question; stands in every report.
  public static let promptVersion = JudgeQuestion.promptVersion
  /// Answers that are asked for at most.
  public static let votesMax = 3
  /// Answers that agree before an answer against the agent stands.
  static let votesAgainst = 2

  let model: any VirtualModel

  /// - Parameter model: who is asked, or what was recorded.
  public init(_ model: any VirtualModel) { self.model = model }

  /// Judges what is left to judge of a call.
  /// - Returns: the result with what was judged, and the verdict that follows.
  public func judge(_ result: CaseResult) -> CaseResult {
    guard !result.judged.isEmpty, result.isPassedByCode else { return result }
    var result = result
    let transcript = JudgedTranscript(of: result)
    let call = model.beginCall(of: result.testCase.id, seed: result.seed)
    result.setJudged(result.judged.map { judge($0, transcript, call) })
    return result
  }

  /// Judges one statement.
  /// - Parameters:
  ///   - criterion: asked about; one that was before starts anew.
  ///   - call: asked; the same for all questions about one call.
  /// - Returns: what came of it.
  public func judge(
    _ criterion: JudgedCriterion, _ transcript: JudgedTranscript, _ call: any VirtualModelCall
  ) -> JudgedCriterion {
    var criterion = JudgedCriterion(criterion.text, isAbsent: criterion.isAbsent, line: criterion.line)
    if let fault = transcript.fault {
      (criterion.outcome, criterion.reason) = (.unjudged, fault)
      return criterion
    }
    let question = JudgeQuestion.request(criterion.text, transcript)
    repeat {
      criterion.votes.append(vote(question, transcript, call))
    } while criterion.decide()
    return criterion
  }

  private func vote(
    _ question: ModelRequest, _ transcript: JudgedTranscript, _ call: any VirtualModelCall
  ) -> JudgedCriterion.Vote {
    var vote = JudgedCriterion.Vote()
    var text = ""
    do throws(VirtualModelMiss) {
      switch try call.wholeAnswer(to: question) {
      case .success(let whole):
        text = whole.answer.text
        vote.model = JudgeAnswer.cut(ReportText.line(whole.model), to: 100)
        if whole.answer.finish == .length {
          vote.fault = "the answer was cut off after \(JudgeQuestion.tokensMax) tokens"
        }
      case .failure(let fault): vote.fault = "the language model gave no answer: \(fault)"
      }
    } catch {
      vote.fault = error.failure.description
    }
    if vote.fault == nil { vote.fill(from: text, transcript) }
    return vote
  }
}

extension JudgedCriterion.Vote {
  fileprivate mutating func fill(from text: String, _ transcript: JudgedTranscript) {
    do throws(JudgeAnswer.Fault) {
      let said = try JudgeAnswer(parsing: text)
      (answer, quote, why) = (said.word, JudgeAnswer.cut(said.quote), JudgeAnswer.cut(said.why))
      guard said.word != .cannotTell else { return }
      let line = transcript.agentLine(with: said.quote)
      at = line?.at
      if line == nil {
        fault =
          quote.isEmpty ? "it quotes nothing" : "the agent never said what it quotes: \(ReportFormat.quoted(quote))"
      }
    } catch {
      fault = error.why
    }
  }
}

extension JudgedCriterion {
  /// Draws the outcome from the votes so far.
  /// - Returns: whether one more is wanted.
  fileprivate mutating func decide() -> Bool {
    let (good, bad): (JudgeAnswer.Word, JudgeAnswer.Word) = isAbsent ? (.no, .yes) : (.yes, .no)
    let counted = votes.filter(\.counts)
    if votes.count == 1, counted.first?.answer == good { return settle(good) }
    if counted.count(where: { $0.answer == bad }) >= ModelJudge.votesAgainst { return settle(bad) }
    if counted.count(where: { $0.answer == good }) >= ModelJudge.votesAgainst { return settle(good) }
    // Only an answer against the agent is asked for again.
    if votes.first?.counts == true, votes.count < ModelJudge.votesMax { return true }
    outcome = .unjudged
    reason = openReason
    return false
  }

  private mutating func settle(_ word: JudgeAnswer.Word) -> Bool {
    outcome = word == .yes ? .yes : .no
    return false
  }

  private var openReason: String {
    if votes.count > 1 {
      let words = votes.map { $0.counts || $0.fault == nil ? $0.answer?.rawValue ?? "none" : "one that does not count" }
      let faults = votes.compactMap(\.fault).first.map { "; \($0)" } ?? ""
      return "no majority: \(ReportFormat.list(words))\(faults)"
    }
    guard let vote = votes.first else { return "nobody answered" }
    return vote.fault ?? "the language model cannot tell" + (vote.why.isEmpty ? "" : ": \(vote.why)")
  }
}
