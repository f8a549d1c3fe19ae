extension CallRequest.Work {
  /// The name of its span. Of models and tools the semantic conventions say it (GenAI, HTTP); they have none for speech.
  var name: String {
    switch self {
    case .recognition: "speech.recognize"
    case .synthesis: "speech.synthesize"
    case .tool(_, let method): method
    case .model: "chat"
    case .comparison: "meaning.compare"
    case .judgement: "turn.judge"
    }
  }
}

extension CallSpan {
  /// What is known of a request.
  mutating func describe(_ request: CallRequest) {
    switch request.work {
    case .recognition(let purpose): set("voiceforge.recognition.purpose", purpose.rawValue)
    case .synthesis(let utterance, let sentence):
      set("voiceforge.utterance.number", utterance.number)
      set("voiceforge.sentence.number", sentence + 1)
    case .tool(let state, let method):
      kind = .client
      set("http.request.method", method)
      set("http.response.status_code", request.status)
      set("voiceforge.flow.state", state)
    case .model(let isEarly):
      kind = .client
      if let model = request.model { name = "\(name) \(model.bounded(to: CallSpan.modelMax))" }
      set("gen_ai.operation.name", "chat")
      set("gen_ai.provider.name", "openai")
      set("gen_ai.response.model", request.model)
      set("gen_ai.usage.input_tokens", request.usage?.promptTokens)
      set("gen_ai.usage.output_tokens", request.usage?.answerTokens)
      set("voiceforge.model.first_token_ms", request.firstAt.map { ($0 - request.askedAt).milliseconds })
      set("voiceforge.model.early", isEarly)
    case .comparison, .judgement: break
    }
  }
}

extension EngineError {
  /// What kind of reason, in words that show nobody's own: for `error.type`.
  package var kindName: String {
    switch self {
    case .modelUnavailable: "model_unavailable"
    case .timedOut: "timed_out"
    case .library: "library"
    case .overloaded: "overloaded"
    case .unsupported: "unsupported"
    case .crashed: "crashed"
    case .remote: "remote"
    }
  }
}
