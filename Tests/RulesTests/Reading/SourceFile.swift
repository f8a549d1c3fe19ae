/// A text file of the repository, or one that a test made up.
struct SourceFile: Sendable {
  /// From the repository's root, such as `Sources/CallCore/Call/CallMachine+Input.swift`.
  let path: String
  /// The contents.
  let text: String
  /// Swift only; empty for other files.
  let tokens: [Token]

  init(_ path: String, _ text: String) {
    self.path = path
    self.text = text
    tokens = path.hasSuffix(".swift") ? SwiftScanner.tokens(of: text) : []
  }

  var isSwift: Bool { path.hasSuffix(".swift") }

  /// The target that the file belongs to: `CallCore`, `RulesTests`; `nil` outside `Sources` and `Tests`.
  var moduleName: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && ["Sources", "Tests"].contains(parts[0]) ? String(parts[1]) : nil
  }

  var isSource: Bool { path.hasPrefix("Sources/") }
  var isTest: Bool { path.hasPrefix("Tests/") }

  /// The lines, without their ends.
  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// Lines as an editor counts them.
  var lineCount: Int {
    text.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) } + (text.hasSuffix("\n") ? 0 : 1)
  }
}
