import CallCore

/// How often a case passed with one value of what varied.
struct VariedShare: Equatable {
  /// Of the case.
  let id: String
  let value: VariedValue
  /// Calls with it; invalid ones, which say nothing about the agent, are left out.
  var ran = 0
  var passed = 0

  /// All of a run, in the order of its cases, properties and first attempts.
  static func all(of run: RunSummary) -> [VariedShare] {
    var shares: [VariedShare] = []
    var places: [Key: Int] = [:]
    for call in run.calls where call.verdict != .invalid {
      for value in call.varied {
        let key = Key(id: call.id, value: value)
        let place = places[key] ?? shares.count
        if place == shares.count {
          places[key] = place
          shares.append(VariedShare(id: key.id, value: value))
        }
        shares[place].ran += 1
        shares[place].passed += call.verdict == .passed ? 1 : 0
      }
    }
    let properties = CaseVariation.Property.allCases
    let caseOrder = Dictionary(
      shares.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    return shares.enumerated().sorted { left, right in
      func rank(_ one: (offset: Int, element: VariedShare)) -> (Int, Int, Int) {
        (
          caseOrder[one.element.id] ?? 0, properties.firstIndex(of: one.element.value.property) ?? 0, one.offset
        )
      }
      return rank(left) < rank(right)
    }
    .map(\.element)
  }

  /// A line for each case and property: `book, passed with voice heart: 9 of 10; heart-low: 10 of 10`.
  static func lines(of run: RunSummary) -> [String] {
    var lines: [(id: String, property: CaseVariation.Property, text: String)] = []
    for share in all(of: run) {
      let text = "\(share.value.label): \(share.passed) of \(share.ran)"
      if let last = lines.last, last.id == share.id, last.property == share.value.property {
        lines[lines.count - 1].text += "; \(text)"
      } else {
        lines.append((share.id, share.value.property, text))
      }
    }
    return lines.map { ReportText.line("\($0.id), passed with \($0.property.rawValue) \($0.text)") }
  }

  /// Cases of which more attempts are needed until every row of `vary` was held.
  static func missingRows(of run: RunSummary) -> [String] {
    guard run.repeats > 1 else { return [] }
    var told: Set<String> = []
    return run.calls.compactMap { call in
      guard told.insert(call.id).inserted, let count = call.variationRows, count > run.repeats
      else { return nil }
      return ReportText.line(
        "\(call.id): `vary` has \(count) rows, of which --repeat \(run.repeats) held the first")
    }
  }

  private struct Key: Hashable {
    let id: String
    let value: VariedValue
  }
}
