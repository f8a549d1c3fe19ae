import CallCore
import LoadTest

/// Makes a plan of what stands on the command line.
struct LoadPlanReader {
  /// Such as `ramp` or `steps:50,100`.
  let kind: String
  let calls: Int
  let rate: String?
  let hold: String?
  let seed: UInt64

  /// - Throws: `CommandFault` that says what is wrong.
  func plan() throws(CommandFault) -> ArrivalPlan {
    let interval = try interval()
    switch kind.prefix(while: { $0 != ":" }) {
    case "ramp": return .ramp(to: calls, every: interval, hold: try length(or: .seconds(60)))
    case "soak": return .ramp(to: calls, every: interval, hold: try length(or: .seconds(600)))
    case "constant":
      return .constant(every: interval, for: try length(or: .seconds(60)), callsMax: calls)
    case "poisson":
      return .poisson(every: interval, for: try length(or: .seconds(60)), callsMax: calls, seed: seed)
    case "steps": return try steps(interval)
    default:
      throw CommandFault(
        "--plan: there is no plan \"\(kind)\"; there are ramp, steps:A,B,C, soak, constant and poisson")
    }
  }

  /// How fast a run of a search begins its calls unless that is said: at random, all of them within this time, two thirds of a call of the samples.
  /// Calls that begin in less of it take their turns in step, and are refused as the crowd that they are.
  private static let probeRamp = CallDuration.seconds(20)
  /// How long a run of a search is held unless that is said: as long as a call of the samples lasts, so that each of its turns was taken
  /// by some calls at every moment.
  private static let probeHold = CallDuration.seconds(30)

  /// The plans of a search for the highest load, by the number of calls.
  func probes() throws(CommandFault) -> (Int) -> ArrivalPlan {
    let (given, hold) = (rate == nil ? nil : try interval(), try length(or: Self.probeHold))
    return { calls in
      given.map { .ramp(to: calls, every: $0, hold: hold) }
        ?? .spread(to: calls, within: Self.probeRamp, hold: hold, seed: seed)
    }
  }

  private func interval() throws(CommandFault) -> CallDuration {
    guard let rate else { return .microseconds(10_000_000 / Int64(max(calls, 10))) }
    guard let interval = WrittenRate.interval(rate) else {
      throw CommandFault("--ramp: expected calls a second, such as 20/s, 0.5/s or 30/m, got \"\(rate)\"")
    }
    return interval
  }

  private func length(or usual: CallDuration) throws(CommandFault) -> CallDuration {
    guard let hold else { return usual }
    guard let length = WrittenTime.parse(hold), length > .zero else {
      throw CommandFault("--hold: expected a time such as 30s, 5m or 2h, got \"\(hold)\"")
    }
    return length
  }

  private func steps(_ interval: CallDuration) throws(CommandFault) -> ArrivalPlan {
    let numbers = kind.dropFirst("steps:".count).split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0) ?? 0
    }
    guard kind.hasPrefix("steps:"), (1...100).contains(numbers.count), numbers.allSatisfy((1...100_000).contains) else {
      throw CommandFault("--plan: expected one to 100 numbers of calls, such as steps:50,100,150, got \"\(kind)\"")
    }
    return .steps(numbers, every: interval, hold: try length(or: .seconds(60)))
  }
}

/// The test cases of a load and how often each is played, as they stand on the command line: `book/tomorrow=3 opening-hours`.
struct LoadCases {
  /// In the order given.
  let cases: [TestCase]
  /// Of each.
  let weights: [Int]

  /// Samples that are played when none are named: whole bookings of six turns.
  private static let usual = ["book/tomorrow", "book/friday", "book/monday"]

  init(_ cases: [TestCase], weights: [Int]) { (self.cases, self.weights) = (cases, weights) }

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
