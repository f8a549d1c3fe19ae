import CallCore
import LoadTest

/// The test cases of a load and how often each is played, as they stand on the command line: `book/tomorrow=3 opening-hours`.
struct LoadCases {
  /// In the order given.
  let cases: [TestCase]
  /// Of each.
  let weights: [Int]

  /// Samples that are played when none are named: whole bookings of six turns.
  private static let usual = ["book/tomorrow", "book/friday", "book/monday"]

  /// - Throws: `CommandFault` that says what is wrong.
  init(_ names: [String], files: CaseFiles, settings: Settings) throws {
    var cases: [TestCase] = []
    var weights: [Int] = []
    for name in names.isEmpty ? Self.usual : names {
      let parts = name.split(separator: "=", maxSplits: 1).map(String.init)
      var weight = 1
      if parts.count > 1 {
        guard let written = Int(parts[1]), (1...CallMix.weightMax).contains(written) else {
          throw CommandFault(
            "\(name): expected a weight of 1 to \(CallMix.weightMax) behind =, such as opening-hours=3")
        }
        weight = written
      }
      let found = try files.cases(named: [parts.first ?? ""], settings: settings)
      cases += found
      weights += Array(repeating: weight, count: found.count)
    }
    self.cases = cases
    self.weights = weights
  }
}
