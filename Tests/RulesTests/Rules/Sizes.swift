/// How long files and functions may be.
enum Sizes {
  static let fileLinesMax = 600
  static let fileLinesMedian = 120
  static let fileLines95 = 370
  static let functionLinesMax = 70
  static let functionLines95 = 30

  static func longFiles(_ files: [SourceFile]) -> [Violation] {
    files.compactMap { file in
      let count = file.lineCount
      guard count > fileLinesMax else { return nil }
      return Violation(file, line: 1, "\(count) lines; at most \(fileLinesMax)")
    }
  }

  static func longFunctions(_ files: [SourceFile]) -> [Violation] {
    files.flatMap { file in
      FunctionScanner.functions(in: file.tokens).filter { $0.lineCount > functionLinesMax }.map {
        Violation(file, line: $0.firstLine, "\($0.name) has \($0.lineCount) lines; at most \(functionLinesMax)")
      }
    }
  }

  /// The smallest number that `share` percent of `numbers` do not exceed; 0 of none.
  static func percentile(_ share: Int, of numbers: [Int]) -> Int {
    guard !numbers.isEmpty else { return 0 }
    return numbers.sorted()[max((numbers.count * share + 99) / 100 - 1, 0)]
  }
}
