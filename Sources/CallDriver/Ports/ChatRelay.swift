public import CallCore

/// A language model whose server is asked in a client's own words and answers in its own: both are passed on as they are. Safe to share by
/// threads.
public protocol ChatRelay: LanguageModel {
  /// The model that is asked, as its server calls it.
  var name: String { get }

  /// Asks, and returns at once. `deliver` is called on any thread, one call after the other: with the data as it comes, and at last once with
  /// an ending. It must not block: others' answers may come on the same thread.
  /// - Returns: with what the answer can be given up.
  func relay(_ request: ChatRelayRequest, _ deliver: @escaping @Sendable (ChatRelayEvent) -> Void) -> any ModelTicket
}

/// What a client asks a language model.
public struct ChatRelayRequest: Sendable {
  /// Whether the answer comes as events, piece by piece.
  public var isStreamed: Bool
  /// Whether an event that holds nothing but what the answer cost is passed on.
  public var wantsUsage: Bool
  /// What is sent to a model: JSON, as OpenAI's `POST /v1/chat/completions` takes it.
  public var body: @Sendable (_ model: String) -> [UInt8]

  /// - Parameters:
  ///   - isStreamed: whether the answer comes as events.
  ///   - wantsUsage: whether an event with nothing but the cost is passed on.
  ///   - body: what is sent to a model.
  public init(isStreamed: Bool, wantsUsage: Bool, body: @escaping @Sendable (_ model: String) -> [UInt8]) {
    (self.isStreamed, self.wantsUsage, self.body) = (isStreamed, wantsUsage, body)
  }
}

/// What comes of a question that is passed on.
public enum ChatRelayEvent: Sendable {
  /// The data of one event; where no events were asked for, the whole answer. JSON, UTF-8.
  case data([UInt8])
  /// The answer is whole, and cost so much.
  case finished(ModelUsage)
  /// There is no answer, or no more of it; what came cost at least so much.
  case failed(ChatRefusal, ModelUsage)
}

/// Why a question that was passed on got no answer.
public struct ChatRefusal: Error, Sendable, Equatable {
  /// The reason; names no address and no key.
  public var fault: ModelFault
  /// With which the server refused; `nil`: it did not.
  public var status: Int?
  /// How long the server wants to be left alone.
  public var retryAfterSeconds: Int?
  /// The server's own words, where they are in OpenAI's shape; at most 300 characters, no key.
  public var message: String?
  /// The server's own word for the kind.
  public var type: String?
  /// The member of the request that it does not like.
  public var parameter: String?
  /// The server's own word for programs.
  public var code: String?

  /// - Parameter fault: the reason; names no address and no key.
  public init(_ fault: ModelFault) { self.fault = fault }
}
