/// What may lie at the top of the repository.
enum TopLevel {
  static let names: Set<String> = [
    "Package.swift", "Sources", "Tests", "web", "Samples", "README.md", "Makefile", "LICENSE", ".env.example",
  ]

  /// Names that do not belong there; those that begin with a dot configure a tool and may.
  static func strangers(in paths: [String]) -> [String] {
    Set(paths.map { String($0.prefix { $0 != "/" }) }).filter { !names.contains($0) && !$0.hasPrefix(".") }.sorted()
  }
}
