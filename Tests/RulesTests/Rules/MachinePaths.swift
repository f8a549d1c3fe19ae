/// Paths that exist on one machine only.
enum MachinePaths {
  // Put together here, so that this file does not break its own rule.
  private static let roots = ["work", "root", "tmp/bash_jobs"].map { "/\($0)/" }

  static func violations(in file: SourceFile) -> [Violation] {
    // Most files have none, and a whole text is searched much faster than its lines.
    let roots = roots.filter { file.text.contains($0) }
    guard !roots.isEmpty else { return [] }
    return file.lines.enumerated().flatMap { index, line in
      roots.filter { root in line.contains(root) && isPath(root, in: line) }
        .map { Violation(file, line: index + 1, "\($0) is a path of one machine") }
    }
  }

  /// A root within a longer path, such as that of a folder of the repository, is none.
  private static func isPath(_ root: String, in line: Substring) -> Bool {
    var rest = line
    while let range = rest.firstRange(of: root) {
      let before = rest[..<range.lowerBound].last
      if before.map({ !$0.isLetter && !$0.isNumber && !"_-.})".contains($0) }) ?? true { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }
}
