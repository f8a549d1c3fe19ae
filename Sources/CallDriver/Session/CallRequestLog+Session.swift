import CallCore

/// How what a call does becomes what its spans tell.
extension CallRequestLog {
  /// Notes what is asked for or given up. Sentences are noted where it is known that they are not there yet.
  mutating func note(_ action: CallAction, at now: Timestamp) {
    switch action {
    case .transcribe(let request, let purpose): ask(.recognition(purpose), request, at: now)
    case .judgeTurn(let request): ask(.judgement, request, at: now)
    case .callTool(let request, let tool): ask(.tool(state: tool.state, method: tool.method), request, at: now)
    case .compare(let request, _): ask(.comparison, request, at: now)
    case .askModel(let request, _): ask(.model(isEarly: false), request, at: now)
    case .askModelEarly(let request, _): ask(.model(isEarly: true), request, at: now)
    case .cancel(let request): end(request, .cancelled, at: now)
    case .openTurn, .closeTurn, .hurry, .speak, .speakPart, .stopPlayout, .pausePlayout, .resumePlayout, .report, .end:
      break
    }
  }

  /// Notes an answer.
  mutating func note(_ content: SpeechResult.Content, at now: Timestamp) {
    switch content {
    case .words(let request, let result): end(request, Outcome(result), at: now)
    case .completeness(let request, let result): end(request, Outcome(result), at: now)
    case .meaning(let request, let result): end(request, Outcome(result), at: now)
    case .speech(let utterance, let sentence, let result):
      end(utterance, sentence: sentence, Outcome(result), at: now)
    case .tool(let request, .answered(let status, _)): end(request, .answered, status: status, at: now)
    case .tool(let request, .failed): end(request, .failed("failed"), at: now)
    case .tool(let request, .timedOut): end(request, .failed("timed_out"), at: now)
    case .model(let request, .delta(let delta)): note(delta, of: request, at: now)
    case .model(let request, .finished(let model)): end(request, .answered, model: model, at: now)
    case .model(let request, .failed(let fault)):
      let isCancelled = fault.kind == .cancelled
      end(request, isCancelled ? .cancelled : .failed(fault.kind.rawValue.replacing("-", with: "_")), at: now)
    }
  }

  private typealias Outcome = CallRequest.Outcome
}

extension CallRequest.Outcome {
  fileprivate init<Answer>(_ result: Result<Answer, EngineError>) {
    switch result {
    case .success: self = .answered
    case .failure(let error): self = .failed(error.kindName)
    }
  }
}

extension ToolRequest {
  /// With the trace that it is made in, unless its flow names one itself.
  func told(_ traceparent: String?) -> ToolRequest {
    guard let traceparent, !headers.contains(where: { $0.name.lowercased() == "traceparent" }) else { return self }
    var told = self
    told.headers.append(("traceparent", traceparent))
    return told
  }
}

extension ModelRequest {
  /// With the trace that it is asked in.
  func told(_ traceparent: String?) -> ModelRequest {
    guard let traceparent else { return self }
    var told = self
    told.traceparent = traceparent
    return told
  }
}
