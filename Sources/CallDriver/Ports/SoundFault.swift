/// Why the bytes of a peer are no sound that can be used. One sentence.
public struct SoundFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String

  /// - Parameter description: see the property.
  public init(_ description: String) { self.description = description }
}
