package import CallCore

/// One thing that can be asked for, and what a key must be good for to ask it.
package struct Route: Sendable {
  /// Who may ask.
  package enum RequiredScope: Sendable, Equatable {
    /// Anybody, even where there are keys.
    case nothing
    /// Whoever holds a key of this scope.
    case scope(KeyScope)
  }

  /// `GET` stands for `HEAD` too.
  package let method: String
  /// The parts of its path: `*` stands for any one part, `**` at the end for one and more.
  package let pattern: [String]
  /// See `RequiredScope`; without it there is no route.
  package let requiredScope: RequiredScope

  /// - Parameter path: such as `/api/calls/*`.
  init(_ method: String, _ path: String, _ requiredScope: RequiredScope) {
    self.method = method
    pattern = path.split(separator: "/").map(String.init)
    self.requiredScope = requiredScope
  }

  /// Parts of the pattern that stand for any.
  var openParts: Int { pattern.count { $0.hasPrefix("*") } }

  /// Whether a path, in its parts, is this route's.
  func fits(_ path: [String]) -> Bool {
    if pattern.last == "**" {
      return path.count >= pattern.count && zip(pattern.dropLast(), path).allSatisfy { $0 == "*" || $0 == $1 }
    }
    return path.count == pattern.count && zip(pattern, path).allSatisfy { $0 == "*" || $0 == $1 }
  }
}
