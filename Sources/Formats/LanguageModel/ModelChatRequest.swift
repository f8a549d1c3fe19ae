public import CallCore
public import JSON

/// What `POST /api/vllm/chat` asks for, the predecessor's way to a language model: one message of a conversation that the server keeps.
public struct ModelChatRequest: Sendable, Equatable {
  /// Whom the model is to be.
  public enum Mode: String, Sendable, CaseIterable {
    /// Somebody who helps.
    case assistant
    /// Somebody to talk with.
    case conversational
    /// What `system_prompt` says.
    case custom
    /// Says the message back, and asks no model.
    case echo
  }

  /// Longest message, in Unicode scalars.
  public static let messageMax = 16_000
  /// Longest prompt, likewise.
  public static let promptMax = 16_000
  /// Longest name of a conversation, likewise.
  public static let sessionMax = 128
  /// Largest body: message and prompt with every character escaped as a pair of surrogates.
  public static let bytesMax = 1 << 19

  /// What is said.
  public var message: String
  /// The conversation it belongs to; each key has its own.
  public var session = "default"
  /// Whom the model is to be.
  public var mode = Mode.assistant
  /// What the model is told before the conversation, in place of what the mode says.
  public var systemPrompt: String?
  /// Whether the answer comes piece by piece.
  public var isStreamed = false

  /// - Parameter body: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing body: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(parsing: body, place: "chat", bytesMax: Self.bytesMax)
    message = try fields.text("message", 1...Self.messageMax)
    guard message.contains(where: { !$0.isWhitespace }) else {
      throw WireFault(.outOfRange, "chat.message: expected a message, got blanks")
    }
    session = try fields.optionalText("session_id", 1...Self.sessionMax) ?? session
    mode = try fields.optionalChoice("mode", of: Mode.allCases) ?? mode
    systemPrompt = try fields.optionalText("system_prompt", 1...Self.promptMax)
    if fields["stream"] != nil { isStreamed = try fields.flag("stream") }
    if mode == .custom, systemPrompt == nil {
      throw WireFault(.missingField, "chat.system_prompt: expected a text for the mode custom, got nothing")
    }
    if fields["voice"] != nil {
      throw WireFault(
        .outOfRange, "chat.voice: answers are not spoken here; send their text to /v1/audio/speech or /api/tts")
    }
  }

  /// What the model is told before the conversation; `nil`: it is not asked.
  public var prompt: String? {
    switch mode {
    case .echo: nil
    case .custom: systemPrompt
    case .assistant:
      systemPrompt ?? "You are a helpful voice assistant. Answer in one to three short sentences, without lists."
    case .conversational:
      systemPrompt ?? "You are talking with a friend. Answer in one or two short, natural sentences."
    }
  }
}

/// What `POST /api/vllm/chat` answers.
public struct ModelChatAnswer: Sendable, Equatable {
  /// What the model said.
  public var text: String
  /// The conversation.
  public var session: String
  /// Whom the model was to be.
  public var mode: ModelChatRequest.Mode
  /// From the request to the end of the answer.
  public var milliseconds: Int
  /// Messages of the conversation that are kept for the next question.
  public var contextSize: Int
  /// What it cost; `nil`: the model's server did not say.
  public var usage: ModelUsage?
  /// Who answered.
  public var model: String

  /// - Parameters:
  ///   - text: what the model said.
  ///   - request: what it answers.
  ///   - milliseconds: from the request to the end of the answer.
  ///   - contextSize: messages that are kept.
  ///   - usage: what it cost; `nil`: unknown.
  ///   - model: who answered.
  public init(
    _ text: String, to request: ModelChatRequest, milliseconds: Int, contextSize: Int, usage: ModelUsage?, model: String
  ) {
    (self.text, session, mode) = (text, request.session, request.mode)
    (self.milliseconds, self.contextSize, self.usage, self.model) = (milliseconds, contextSize, usage, model)
  }
}

extension ModelChatAnswer: JSONDocument {
  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("status", "success")
    writer.field("response", text)
    writer.field("text", text)  // as the predecessor's other service calls it
    writer.field("session_id", session)
    writer.field("mode", mode.rawValue)
    writer.field("processing_time", thousandths: milliseconds)
    writer.field("context_size", contextSize)
    writer.field("tokens", usage.map { $0.promptTokens + $0.answerTokens })
    writer.field("model", model)
    writer.field("using_nvidia_api", false)
  }
}

extension JSONObject {
  /// A piece of an answer of `POST /api/vllm/chat`.
  package static func modelChatPiece(_ text: String) -> JSONObject { JSONObject { $0.field("chunk", text) } }

  /// Its last piece.
  package static func modelChatEnd(_ answer: ModelChatAnswer) -> JSONObject {
    JSONObject { writer in
      answer.writeMembers(to: &writer)
      writer.field("done", true)
    }
  }

  /// Why it has no answer, as the predecessor says it.
  package static func modelChatError(_ message: String, retryAfterSeconds: Int?) -> JSONObject {
    JSONObject { writer in
      writer.field("error", message)
      if let retryAfterSeconds { writer.field("retry_after", retryAfterSeconds) }
    }
  }
}
