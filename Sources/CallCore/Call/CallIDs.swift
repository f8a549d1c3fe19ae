/// The number of a caller's turn within its call, counting from 1. Turn 0 is the agent's opening, before anybody spoke.
public struct TurnID: Hashable, Comparable, Sendable {
  /// 0 … `TurnLimits.turnsMax`.
  public let number: Int

  /// - Parameter number: 0 for the opening.
  public init(_ number: Int) { self.number = number }

  /// Earlier in the call.
  public static func < (left: TurnID, right: TurnID) -> Bool { left.number < right.number }
}

/// The number of an agent's utterance within its call, counting from 1.
public struct UtteranceID: Hashable, Comparable, Sendable {
  /// 1 and up.
  public let number: Int

  /// - Parameter number: 1 and up.
  public init(_ number: Int) { self.number = number }

  /// Earlier in the call.
  public static func < (left: UtteranceID, right: UtteranceID) -> Bool { left.number < right.number }
}

/// The number of a question to an engine or a tool within its call. An answer that carries an old number is dropped.
public struct RequestID: Hashable, Sendable {
  /// 1 and up.
  public let number: Int

  /// - Parameter number: 1 and up.
  public init(_ number: Int) { self.number = number }
}
