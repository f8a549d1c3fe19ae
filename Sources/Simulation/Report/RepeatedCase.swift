import CallCore

/// How often one case passed of the times it was run.
struct RepeatedCase: Equatable {
  /// The case.
  let id: String
  /// How often it was to be run: the k of pass@k.
  let asked: Int
  /// How often it was run; fewer when the run was stopped.
  private(set) var ran = 0
  /// How often it passed.
  private(set) var passed = 0

  /// pass@k: it passed at least once.
  var passedOnce: Bool { passed > 0 }
  /// pass^k: it passed every time that was asked for.
  var passedAlways: Bool { passed == asked }

  /// The cases of a run in the order of its results; of those that were stopped, the ones that were run at least once.
  static func all(of run: SimulationRun) -> [RepeatedCase] {
    var cases: [RepeatedCase] = []
    var places: [String: Int] = [:]
    for result in run.results {
      let id = result.testCase.id
      let place = places[id] ?? cases.count
      if place == cases.count {
        places[id] = place
        cases.append(RepeatedCase(id: id, asked: run.repeats))
      }
      cases[place].ran += 1
      cases[place].passed += result.verdict == .passed ? 1 : 0
    }
    return cases
  }

  private init(id: String, asked: Int) {
    self.id = id
    self.asked = asked
  }
}
