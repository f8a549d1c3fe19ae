/// How long files and functions may be.
enum Sizes {
  static let fileLinesMax = 500
  static let fileLinesMedian = 120
  static let fileLines95 = 370
  /// A file holds one idea, not one type: a folder of slices is as hard to read as one long file.
  static let sliceCodeLines = 20
  /// Files of `Sources` that may have so little code, in per cent.
  static let slicesPercentMax = 15
  static let functionLinesMax = 70
  static let functionLines95 = 30

  /// Longer functions, by file and name, with the length that they may have and the reason in a comment.
  static let longFunctionsAllowed = [
    // The call's table of every event in every phase: a reader finds each pair in one place, and each line is one pair.
    "Sources/CallCore/Call/CallMachine.swift handle": 80
  ]

  static func longFiles(_ files: [SourceFile]) -> [Violation] {
    files.compactMap { file in
      let count = file.lineCount
      guard count > fileLinesMax else { return nil }
      return Violation(file, line: 1, "\(count) lines; at most \(fileLinesMax)")
    }
  }

  /// Files with so little code that they are a slice of something else; comments and blank lines are none.
  static func slices(_ files: [SourceFile]) -> [SourceFile] {
    files.filter { file in
      file.lines.count { line in
        let code = line.drop { $0 == " " }
        return !code.isEmpty && !code.hasPrefix("//")
      } <= sliceCodeLines
    }
  }

  static func longFunctions(_ files: [SourceFile]) -> [Violation] {
    files.flatMap { file in
      FunctionScanner.functions(in: file.tokens).compactMap { function in
        let most = longFunctionsAllowed["\(file.path) \(function.name)"] ?? functionLinesMax
        guard function.lineCount > most else { return nil }
        return Violation(
          file, line: function.firstLine, "\(function.name) has \(function.lineCount) lines; at most \(most)")
      }
    }
  }

  /// The smallest number that `share` percent of `numbers` do not exceed; 0 of none.
  static func percentile(_ share: Int, of numbers: [Int]) -> Int {
    guard !numbers.isEmpty else { return 0 }
    return numbers.sorted()[max((numbers.count * share + 99) / 100 - 1, 0)]
  }
}
