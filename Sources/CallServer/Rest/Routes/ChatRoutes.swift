import CallCore
import Formats
import JSON

extension RouteArea {
  /// The language model for programs that hold no call.
  static let chat = RouteArea(
    name: "Language model",
    about: "Questions to the language model that this server is set up with, in OpenAI's shape.",
    routes: [completion],
    schemas: [
      "ChatCompletion": .object(
        [
          "id": .text(), "object": .text(), "created": .whole(Int.min...Int.max), "model": .text(),
          "choices": .list(.anyObject), "usage": .anyObject.orNull,
        ], optional: ["id", "object", "created", "model", "usage"])
    ])

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
        content: ["application/json": .named("ChatCompletion"), "text/event-stream": .text()], headers: []),
      .openAI(400, "A member is wrong, or the model's server says so."),
      .openAI(404, "The model's server has no such model."), .openAI(415, "The body is not `application/json`."),
      .openAI(422, "The model's server cannot use a member."),
      .either(.problem(429, "The key, or the model's server, takes no more requests just now.", .retryAfter)),
      .openAI(502, "The model failed, or its server refuses this server's key."),
      .openAI(504, "The model took too long."),
    ])
}
