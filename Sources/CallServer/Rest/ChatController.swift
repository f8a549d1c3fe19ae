import CallCore
import CallDriver
import Formats
import JSON
import WebSockets

/// Passes questions on to the language model. Begins on the blocking pool; the model's own thread goes on.
struct ChatController: RouteController {
  let request: RouteRequest

  private var usage: UsageMeter { UsageMeter(counter: server.usage, key: request.key) }

  /// `POST /v1/chat/completions`.
  func complete(_ reply: HTTPReply) {
    do throws(SpeechRefusal) {
      try checkType()
      let body = try read()
      let model = try server.chat.configuredModel()
      try checkTokenBudget()
      let job = ChatCompletionJob(body, reply: reply, slot: try server.chat.reserve(), usage: usage, log: server.log)
      job.begin(model)
    } catch {
      reply.send(error.response(.openAI))
    }
  }

  /// `POST /api/vllm/chat`, the predecessor's.
  func chat(_ reply: HTTPReply) {
    do throws(SpeechRefusal) {
      try checkType()
      let body = try readMessage()
      guard body.mode != .echo else { return echo(body, reply) }
      let model = try server.chat.configuredModel()
      try checkTokenBudget()
      let job = ModelChatJob(
        body, id: ChatHistory.ID(key: request.key, session: body.session), by: server.chat, reply: reply,
        slot: try server.chat.reserve(), usage: usage, log: server.log)
      job.begin(model)
    } catch {
      reply.send(error.modelChatResponse)
    }
  }

  /// Says the message back.
  private func echo(_ body: ModelChatRequest, _ reply: HTTPReply) {
    let answer = ModelChatAnswer(
      body.message, to: body, milliseconds: 0, contextSize: 0, usage: ModelUsage(promptTokens: 0, answerTokens: 0),
      model: "echo")
    guard body.isStreamed else { return reply.send(.json(answer.json)) }
    let stream = EventStreamReply(reply)
    stream.send(JSONObject.modelChatPiece(body.message).json)
    stream.end(JSONObject.modelChatEnd(answer).json)
  }

  private func read() throws(SpeechRefusal) -> ChatCompletionRequest {
    do throws(OpenAIFault) { return try ChatCompletionRequest(parsing: request.http.body) } catch {
      throw SpeechRefusal(error)
    }
  }

  private func readMessage() throws(SpeechRefusal) -> ModelChatRequest {
    do throws(WireFault) { return try ModelChatRequest(parsing: request.http.body) } catch {
      throw SpeechRefusal(error.code == .messageTooLarge ? 413 : 400, error.message)
    }
  }

  private func checkType() throws(SpeechRefusal) {
    let given = request.http.headers["content-type"] ?? ""
    guard given.lowercased().hasPrefix("application/json") else {
      throw SpeechRefusal(
        415, "expected Content-Type application/json, got \(given.isEmpty ? "none" : given.bounded(to: 80))")
    }
  }
}

extension RouteController {
  /// Whether the key has tokens left. Asks the store.
  func checkTokenBudget() throws(SpeechRefusal) { try TokenBudget(of: request.key, at: server).check() }
}
