import CallCore

/// Attempts of one case, or a single one, that the table shows as one line.
struct AlikeAttempts {
  /// The first of them.
  let result: CaseResult
  /// As many as there are.
  private(set) var count = 1

  /// Of a run in virtual time, the attempts of a case in which nothing is drawn from the seed, as far as they came out alike, are one;
  /// any other attempt stands alone.
  ///
  /// - Parameter cells: of the line of an attempt, but for its name.
  static func all(of run: SimulationRun, cells: (CaseResult) -> [String]) -> [AlikeAttempts] {
    var all: [AlikeAttempts] = []
    for result in run.results {
      if let last = all.last?.result, run.mode != .live, last.testCase.id == result.testCase.id,
        last.testCase.varied == result.testCase.varied, !result.testCase.drawsFromSeed || last.seed == result.seed,
        last.verdict == result.verdict,
        cells(last) == cells(result), last.reasons == result.reasons
      {
        all[all.count - 1].count += 1
      } else {
        all.append(AlikeAttempts(result: result))
      }
    }
    return all
  }

  /// For people: the id, and which attempt or how many.
  func name(in run: SimulationRun) -> String {
    count > 1 ? "\(result.testCase.id) (\(count) attempts alike)" : result.name(in: run)
  }

  /// Why they are alike; `nil` for a single one.
  var note: String? {
    guard count > 1 else { return nil }
    let why =
      result.testCase.drawsFromSeed
      ? "all have the seed \(result.seed)"
      : "nothing in it is drawn from the seed, such as disfluencies, noise or losses"
    return "\(result.testCase.id): \(count) attempts came out alike: \(why). One attempt tells as much."
  }
}

extension TestCase {
  /// Whether another seed can change what the caller does or what becomes of its sound.
  ///
  /// The agent's flow may still draw its `{reference}`, and a language model may answer otherwise.
  var drawsFromSeed: Bool {
    let network = world.network
    let isLossy = network.lossPermille > 0 || network.jitter > .zero || network.duplicatePermille > 0
    return vary != nil || !disfluency.isFluent || world.noise != nil || isLossy || caller.brief != nil
  }
}
