import CallCore
import CallDriver
import Formats
import WebSockets

/// Passes questions on to the language model. Begins on the blocking pool; the model's own thread goes on.
struct ChatController: RouteController {
  let request: RouteRequest

  private var usage: UsageMeter { UsageMeter(counter: server.usage, key: request.key) }

  /// `POST /v1/chat/completions`.
  func complete(_ reply: HTTPReply) {
    do throws(SpeechRefusal) {
      let model = try server.chat.configuredModel()
      try checkType()
      let body = try read()
      let job = ChatCompletionJob(
        body, reply: reply, slot: try server.chat.reserve(), usage: usage, log: server.log)
      job.begin(model, watching: reply)
    } catch {
      reply.send(error.response(.openAI))
    }
  }

  private func read() throws(SpeechRefusal) -> ChatCompletionRequest {
    do throws(OpenAIFault) { return try ChatCompletionRequest(parsing: request.http.body) } catch {
      throw SpeechRefusal(error)
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
