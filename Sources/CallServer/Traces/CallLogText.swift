package import CallCore
import Formats

/// A step of a call as one line of the log. What callers say, type and press is masked unless it is asked for, and so is what the agent
/// says, which may repeat it. Of a tool there is its state and method, whatever is asked for.
package enum CallLogText {
  /// - Parameter showsWords: whether the line has keys and words.
  package static func text(of step: CallTraceStep, showsWords: Bool) -> String {
    let detail = detail(of: step.event, showsWords)
    let actions = step.actions.map { text(of: $0, showsWords) }.joined(separator: ", ")
    return "\(seconds(step.at)) \(step.event.word)" + (detail.isEmpty ? "" : " \(detail)")
      + (actions.isEmpty ? "" : " → \(actions)")
  }

  private static func detail(of event: CallEvent, _ showsWords: Bool) -> String {
    switch event {
    case .began, .beepHeard, .hungUp, .vanished, .protocolBroken, .serverStopping, .tick, .commanded: ""
    case .speechWindow(let probability, _, _, _): "\(probability.thousandths)"
    case .keyPressed(let key): showsWords ? String(key.character) : "(masked)"
    case .typed(let text): words(text, showsWords)
    case .transcribed(let request, let text): "request \(request.number) \(words(text, showsWords))"
    case .turnJudged(let request, let completeness):
      "request \(request.number), complete to \(completeness.thousandths) ‰"
    case .turnJudgementFailed(let request, let error): "request \(request.number): \(error)"
    case .recognitionFailed(let request, let error): "request \(request.number): \(error)"
    case .sentenceReady(let utterance, let sentence, let duration):
      "utterance \(utterance.number) sentence \(sentence + 1), \(duration.milliseconds) ms"
    case .synthesisFailed(let utterance, let error): "utterance \(utterance.number): \(error)"
    case .playoutStarted(let utterance), .playoutFinished(let utterance): "utterance \(utterance.number)"
    case .playoutStopped(let utterance, let played), .played(let utterance, let played):
      "utterance \(utterance.number) after \(played.milliseconds) ms"
    case .toolAnswered(let request, let response): "request \(request.number): \(outcome(response))"
    case .modelDelta(let request, .text(let text)): "request \(request.number): \(words(text, showsWords))"
    case .modelDelta(let request, .toolCall(let piece)):
      "request \(request.number): call \(piece.index) \(piece.name ?? "")"
    case .modelDelta(let request, .finish(let reason)): "request \(request.number): \(reason.rawValue)"
    case .modelDelta(let request, .usage(let usage)):
      "request \(request.number): \(usage.promptTokens) and \(usage.answerTokens) tokens"
    case .compared(let request, let similarities):
      "request \(request.number): \(similarities.max().map { "at most \($0)" } ?? "nothing")"
    case .comparisonFailed(let request, let error): "request \(request.number): \(error)"
    case .modelFinished(let request): "request \(request.number)"
    case .modelFailed(let request, let fault): "request \(request.number): \(fault.kind.rawValue)"
    }
  }

  private static func text(of action: CallAction, _ showsWords: Bool) -> String {
    switch action {
    case .openTurn(let turn, _), .closeTurn(let turn): "\(action.word) \(turn.number)"
    case .transcribe(let request, let purpose): "\(action.word) request \(request.number) (\(purpose))"
    case .judgeTurn(let request), .hurry(let request), .cancel(let request): "\(action.word) request \(request.number)"
    case .speak(let utterance, let sentences):
      "\(action.word) utterance \(utterance.number) \(words(sentences, showsWords))"
    case .speakPart(let utterance, let sentences, let isLast):
      "\(action.word) utterance \(utterance.number) \(words(sentences, showsWords))"
        + (isLast ? " (the last)" : "")
    case .askModel(let request, let question), .askModelEarly(let request, let question):
      "\(action.word) request \(request.number) (\(question.messages.count) messages)"
    case .compare(let request, let question):
      "\(action.word) request \(request.number) \(words(question.text, showsWords)) with \(question.phrases.count) phrases"
    case .stopPlayout(let utterance), .pausePlayout(let utterance), .resumePlayout(let utterance):
      "\(action.word) utterance \(utterance.number)"
    case .callTool(let request, let tool): "\(action.word) request \(request.number) (\(tool.state): \(tool.method))"
    case .report(.stateEntered(let name, _, _)): "state-entered \(name)"
    case .report(.trouble(let code, _)): "trouble \(code)"
    case .report(let report): report.word
    case .end(let reason): "\(action.word) \(reason.rawValue)"
    }
  }

  private static func words(_ sentences: [SynthesisText], _ showsWords: Bool) -> String {
    words(sentences.map(\.words).joined(separator: " "), showsWords)
  }

  private static func words(_ text: String, _ showsWords: Bool) -> String {
    showsWords ? "“\(printable(text))”" : "(\(text.split(whereSeparator: \.isWhitespace).count) words masked)"
  }

  /// What could begin a line of its own, or steer a terminal, is shown by its number.
  static func printable(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { shown, scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
  }

  private static func outcome(_ response: ToolResponse) -> String {
    switch response {
    case .answered(let status, _): "status \(status)"
    case .failed: "failed"
    case .timedOut: "timed out"
    }
  }

  private static func seconds(_ instant: Timestamp) -> String {
    let milliseconds = String(1000 + abs(instant.milliseconds % 1000)).dropFirst()
    return "\(instant.milliseconds / 1000).\(milliseconds) s"
  }
}

extension CallTraceStep {
  /// Whether it comes with every frame and did nothing: 80 of a second's.
  var isOfEveryFrame: Bool {
    switch event {
    case .tick, .speechWindow: actions.isEmpty
    default: false
    }
  }
}
