public import CallCore

/// A language model, wherever it runs. Safe to share by threads.
public protocol LanguageModel: Sendable {
  /// Asks, and returns at once. `deliver` is called on any thread, one call after the other: with each delta as it comes, and at last once with
  /// an ending. It must not block: others' answers may come on the same thread. After `cancel` that is `.failed` with `cancelled`, unless another ending came first.
  /// - Returns: with what the answer can be given up.
  func ask(_ request: ModelRequest, _ deliver: @escaping @Sendable (ModelEvent) -> Void) -> any ModelTicket
}

/// Stands where no language model is set up: every question fails with what is to be done about that.
public struct AbsentLanguageModel: LanguageModel {
  private struct Nothing: ModelTicket {
    func cancel() {}
  }

  private static let fault = ModelFault(
    .missing, "no language model is set up: set ENABLE_LLM=true, OPENAI_MODEL, and OPENAI_BASE_URL or OPENAI_API_KEY")

  /// Contacts nobody.
  public init() {}

  /// Fails at once.
  public func ask(_ request: ModelRequest, _ deliver: @escaping @Sendable (ModelEvent) -> Void) -> any ModelTicket {
    deliver(.failed(Self.fault))
    return Nothing()
  }
}

/// What comes of a question to a language model.
public enum ModelEvent: Sendable, Hashable {
  /// More of the answer.
  case delta(ModelDelta)
  /// The answer is whole.
  /// - Parameter model: who answered, as the server or the settings call it.
  case finished(model: String)
  /// There is no answer, or no more of it.
  case failed(ModelFault)
}

/// A question under way.
public protocol ModelTicket: Sendable {
  /// Gives the answer up: its connection is closed, so that the server stops. Does nothing when it is over. Any thread.
  func cancel()
}
