import CallCore
import CallDriver
import Formats
import JSON
import Logging
import Threads
import WebSockets

/// Asks the language model one message of a conversation that the server keeps. What fails is not kept, and nothing is ever said in the model's
/// place.
final class ModelChatJob: Sendable {
  private struct State {
    var answer = ModelAnswer()
    var pieces = 0
    var slot: ChatSlot?
  }

  private let request: ModelChatRequest
  private let id: ChatHistory.ID
  private let service: ChatService
  private let reply: EventStreamReply
  private let usage: UsageMeter
  private let log: Logger
  private let begunAt = ContinuousClock.now
  private let state: Locked<State>

  init(
    _ request: ModelChatRequest, id: ChatHistory.ID, by service: ChatService, reply: HTTPReply, slot: ChatSlot,
    usage: UsageMeter, log: Logger
  ) {
    (self.request, self.id, self.service, self.usage, self.log) = (request, id, service, usage, log)
    self.reply = EventStreamReply(reply)
    state = Locked(State(slot: slot))
  }

  /// Asks.
  func begin(_ model: any ChatRelay) {
    let before = service.history.withLock { $0.messages(of: id) }
    let prompt = request.prompt.map { [ModelMessage.system($0)] } ?? []
    let ticket = model.ask(ModelRequest(prompt + before + [.user(request.message)])) { [self] in receive($0) }
    reply.whenGone { ticket.cancel() }
  }

  private func receive(_ event: ModelEvent) {
    switch event {
    case .delta(let delta):
      state.withLock { state in
        state.answer.add(delta)
        state.pieces += delta.isContent ? 1 : 0
      }
      if request.isStreamed, case .text(let text) = delta { reply.send(JSONObject.modelChatPiece(text).json) }
    case .finished(let model): finish(model)
    case .failed(let fault):
      _ = end()
      if fault.kind != .cancelled { log.notice("a question to the language model failed: \(fault)") }
      fail(ChatRefusal(fault).speechRefusal)
    }
  }

  private func finish(_ model: String) {
    let answer = end()
    guard !answer.text.isEmpty else {
      return fail(SpeechRefusal(502, "the language model answered without a word", code: "model_failed"))
    }
    let count = service.history.withLock { $0.add(request.message, answer.text, to: id) }
    let told = ModelChatAnswer(
      answer.text, to: request, milliseconds: Int(begunAt.duration(to: .now) / .milliseconds(1)), contextSize: count,
      usage: answer.usage, model: model)
    let last = JSONObject.modelChatEnd(told).json
    if request.isStreamed { reply.end(last) } else { reply.end(.json(told.json), orEvent: last) }
  }

  private func fail(_ refusal: SpeechRefusal) {
    reply.end(refusal.modelChatResponse, orEvent: refusal.modelChatError.json)
  }

  /// Counts what it cost, and gives the place back.
  private func end() -> ModelAnswer {
    let (answer, pieces) = state.withLock { state in
      state.slot = nil
      return (state.answer, state.pieces)
    }
    usage.add(asked: answer.usage ?? ModelUsage(promptTokens: 0, answerTokens: pieces))
    return answer
  }
}

extension SpeechRefusal {
  /// As the predecessor says it: `{error, retry_after}`.
  var modelChatError: JSONObject { .modelChatError(fault.message, retryAfterSeconds: retryAfterSeconds) }

  /// The same as an answer.
  var modelChatResponse: HTTPResponse {
    var response = HTTPResponse.json(modelChatError, status: fault.status)
    if let retryAfterSeconds { response.headers.append(("retry-after", String(retryAfterSeconds))) }
    return response
  }
}
