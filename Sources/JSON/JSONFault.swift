/// Where and why a text is not JSON.
public struct JSONFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// Two kinds, because the second is no mistake of a program but an attack.
  public enum Kind: Sendable, Equatable {
    /// Not JSON (RFC 8259), or a member named twice.
    case malformed
    /// Lists and objects within one another beyond the limit.
    case tooDeep
  }

  /// What kind.
  public var kind: Kind
  /// Offset of the first byte that does not fit.
  public var offset: Int
  /// What was expected and what came.
  public var problem: String

  /// One sentence.
  public var description: String { "at byte \(offset): \(problem)" }
}
