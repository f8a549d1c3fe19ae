/// Tells by its name whether a value is a credential, which no trace, record or page shows.
package enum SecretName {
  /// Stands for what was taken out.
  package static let mask = "…"
  /// Words in the path of a value that is a credential, not something that a caller hears.
  private static let words = [
    "token", "secret", "password", "passwd", "credential", "authorization", "apikey", "accesskey", "privatekey",
    "bearer", "cookie", "signature",
  ]
  /// Likewise, but as a whole part of the path: `pin` is one, `shopping` holds none.
  private static let parts: Set = ["auth", "jwt", "otp", "pin", "pwd"]

  /// - Parameter path: a name, or names with anything but letters between.
  package static func isSecret(_ path: String) -> Bool {
    let parts = path.lowercased().split { !$0.isLetter }
    let letters = parts.joined()
    return words.contains { letters.contains($0) } || parts.contains { Self.parts.contains(String($0)) }
  }
}
