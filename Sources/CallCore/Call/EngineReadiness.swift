/// How far one engine is.
public struct EngineReadiness: Sendable, Equatable {
  /// The raw values stand in the REST answers.
  public enum State: String, Sendable { case loading, ready, failed }

  /// Such as `recognizer`.
  public var name: String
  /// How far.
  public var state: State
  /// Why it failed, and what to do; empty otherwise.
  public var detail: String
  /// Whether calls are refused without it.
  public var isNeeded: Bool

  /// All values as described at the properties.
  public init(name: String, state: State, detail: String = "", isNeeded: Bool = true) {
    self.name = name
    self.state = state
    self.detail = detail
    self.isNeeded = isNeeded
  }
}
