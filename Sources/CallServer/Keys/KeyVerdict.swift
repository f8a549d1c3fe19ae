/// What becomes of a request, as far as keys go.
package enum KeyVerdict: Sendable, Equatable {
  /// There are no keys: whoever reaches the server may use it.
  case open
  /// The key with this id was given, and is good for it.
  case accepted(id: String)
  /// Not with this, and why.
  case refused(KeyRefusal)
}
