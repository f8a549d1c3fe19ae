import CallCore
import Formats
import JSON

extension RouteArea {
  /// The language model for programs that hold no call.
  static let chat = RouteArea(
    name: "Language model",
    about: "Questions to the language model that this server is set up with, in OpenAI's shape.",
    routes: [completion, message],
    schemas: [
      "ChatCompletion": .object(
        [
          "id": .text(), "object": .text(), "created": .whole(Int.min...Int.max), "model": .text(),
          "choices": .list(.anyObject), "usage": .anyObject.orNull,
        ], optional: ["id", "object", "created", "model", "usage"]),
      "ModelChatError": .object(["error": .text(), "retry_after": .count], optional: ["retry_after"]),
    ])

  private static let message = Route(
    "POST /api/vllm/chat", "chatWithModel", "Ask the language model, as the predecessor has it", scope: .model,
    .blocking(ChatController.chat),
    about: """
      The server keeps the conversation in memory, by key and `session_id`. With `stream` the answer comes as events `{chunk}`, the last one with \
      all members and `done`. A model that is missing or fails is an error, and no sentence is made up in its place.
      """,
    body: .json(
      .request(
        [
          "message": .keptText(1...ModelChatRequest.messageMax).about("With something in it.")
            .example(.string("Hello.")),
          "session_id": .keptText(1...ModelChatRequest.sessionMax).standard(.string("default")),
          "mode": .choice(ModelChatRequest.Mode.allCases.map(\.rawValue)).standard(.string("assistant"))
            .about("`echo` says the message back and asks no model; `custom` needs `system_prompt`."),
          "system_prompt": .keptText(1...ModelChatRequest.promptMax), "stream": .flag,
        ], required: ["message"]), "One message.", bytesMax: ModelChatRequest.bytesMax),
    answers: [
      APIResponse(
        status: 200, about: "The answer, or with `stream` its pieces as events.",
        content: [
          "application/json": .object([
            "status": .choice(["success"]), "response": .text(), "text": .text(), "session_id": .text(),
            "mode": .text(), "processing_time": .number, "context_size": .count, "tokens": .count.orNull,
            "model": .text(), "using_nvidia_api": .flag,
          ]), "text/event-stream": .events,
        ], headers: []),
      failed(400, "A member is wrong."), failed(415, "The body is not `application/json`."),
      failed(429, "The key takes no more requests or tokens just now.", .retryAfter, isProblem: true),
      failed(502, "The model failed, or its server refuses this server's key."),
      failed(
        503, "No model is configured, it cannot be reached, or too many questions are under way.", isProblem: true),
      failed(504, "The model took too long."),
    ])

  /// An error in the predecessor's shape.
  /// - Parameter isProblem: whether it may be one of keys or full queues, too.
  private static func failed(
    _ status: Int, _ about: String, _ headers: APIResponse.Header..., isProblem: Bool = false
  ) -> APIResponse {
    var content: [String: APISchema] = ["application/json": .named("ModelChatError")]
    if isProblem { content[APIResponse.problemType] = .named("Problem") }
    return APIResponse(status: status, about: about, content: content, headers: headers)
  }

  private static let completion = Route(
    "POST /v1/chat/completions", "createChatCompletion", "Ask the language model", scope: .model,
    .blocking(ChatController.complete),
    about: """
      The body goes to the configured model as it is, but for `model`, which is replaced, and the answer comes back as its server gives it, \
      whole or as events. Neither the caller's key nor the model's is passed on.
      """,
    body: .json(
      .request(
        [
          "model": .text().about("It changes nothing: the configured model answers."),
          "messages": .list(.anyObject, 1...100_000).about("As OpenAI has them.")
            .example(.array([.object(["role": .string("user"), "content": .string("Hello.")])])),
          "n": .whole(1...1), "stream": .flag, "stream_options": .request(["include_usage": .flag], required: []),
        ], required: ["messages"]), "The conversation; other members of OpenAI's are passed on.",
      bytesMax: ChatCompletionRequest.bytesMax),
    errors: .openAI,
    answers: [
      APIResponse(
        status: 200, about: "The answer, or with `stream` its pieces as events, `[DONE]` at the end.",
        content: ["application/json": .named("ChatCompletion"), "text/event-stream": .events], headers: []),
      .openAI(400, "A member is wrong, or the model's server says so."),
      .openAI(404, "The model's server has no such model."), .openAI(415, "The body is not `application/json`."),
      .openAI(422, "The model's server cannot use a member."),
      .either(.problem(429, "The key, or the model's server, takes no more requests just now.", .retryAfter)),
      .openAI(502, "The model failed, or its server refuses this server's key."),
      .either(.problem(503, "No model is configured, it cannot be reached, or too many questions are under way.")),
      .openAI(504, "The model took too long."),
    ])
}
