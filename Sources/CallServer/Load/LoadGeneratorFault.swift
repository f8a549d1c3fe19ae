/// Why a generator cannot be started: a sentence for people.
public struct LoadGeneratorFault: Error, Sendable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// - Parameter description: the sentence.
  public init(_ description: String) { self.description = description }
}
