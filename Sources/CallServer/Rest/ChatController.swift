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
  private var microsecondsOfDay: Int64 { 86_400_000_000 }

  /// Whether the key has tokens left. Asks the store; what is under way is not looked at.
  func checkTokenBudget() throws(SpeechRefusal) {
    guard let key = request.key, let limit = server.authorizer.keyService?.tokensPerDay(of: key) else { return }
    let used: Int
    do throws(StoreError) { used = try server.usage.tokensOfToday(key: key) } catch {
      throw SpeechRefusal(503, "what the key used today cannot be read now: \(error)", retryAfterSeconds: 5)
    }
    guard used >= limit else { return }
    let tomorrow = UTCTime.dayText(server.usage.day + 1)
    var refusal = SpeechRefusal(
      429, "the key has used \(used) of its \(limit) tokens of today; it gets new ones at \(tomorrow)T00:00:00Z",
      code: "insufficient_quota")
    refusal.fault.type = "insufficient_quota"
    let rest = microsecondsOfDay - APIKeyService.now.unixMicroseconds % microsecondsOfDay
    refusal.retryAfterSeconds = Int(rest / 1_000_000) + 1
    throw refusal
  }
}
