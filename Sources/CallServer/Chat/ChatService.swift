import CallCore
import CallDriver
import Threads

/// What bounds questions to the language model that come over REST.
public struct ChatLimits: Sendable {
  /// Questions under way at once; further ones are answered 503.
  public var questionsMax = 32

  /// The defaults.
  public init() {}
}

/// The language model for whoever is in no call, with its limits.
final class ChatService: Sendable {
  /// `nil`: none is configured, and nothing is contacted.
  let model: (any ChatRelay)?
  /// Conversations that are kept for clients of `POST /api/vllm/chat`.
  let history = Locked(ChatHistory())
  private let limits: ChatLimits
  private let underWay = Locked(0)

  init(model: (any ChatRelay)?, limits: ChatLimits) {
    self.model = model
    self.limits = limits
  }

  /// Questions under way.
  var questionCount: Int { underWay.withLock { $0 } }

  /// The model, or why there is none.
  func configuredModel() throws(SpeechRefusal) -> any ChatRelay {
    guard let model else {
      throw SpeechRefusal(
        503,
        "no language model is configured here: set ENABLE_LLM=true, OPENAI_MODEL, and OPENAI_BASE_URL and OPENAI_API_KEY of its server",
        code: "model_not_configured")
    }
    return model
  }

  /// A place for one more question, held until it is dropped.
  func reserve() throws(SpeechRefusal) -> ChatSlot {
    let isFree = underWay.withLock { count in
      guard count < limits.questionsMax else { return false }
      count += 1
      return true
    }
    guard isFree else {
      throw SpeechRefusal(
        503, "\(limits.questionsMax) questions to the language model are under way; try again in some seconds",
        code: "overloaded", retryAfterSeconds: 3)
    }
    return ChatSlot { [self] in underWay.withLock { $0 -= 1 } }
  }
}

/// A place for a question, given back when it is dropped.
final class ChatSlot: Sendable {
  private let giveBack: @Sendable () -> Void

  init(_ giveBack: @escaping @Sendable () -> Void) { self.giveBack = giveBack }

  deinit { giveBack() }
}
