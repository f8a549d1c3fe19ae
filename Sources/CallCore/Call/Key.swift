/// A key of a telephone.
public struct Key: Hashable, Sendable {
  /// `0` … `9`, `*` or `#`.
  public let character: Character

  /// The key that ends a number.
  public static let terminator = Key(known: "#")

  /// - Parameter character: anything but `0` … `9`, `*` and `#` gives `nil`.
  public init?(_ character: Character) {
    guard "0123456789*#".contains(character) else { return nil }
    self.character = character
  }

  private init(known character: Character) { self.character = character }
}
