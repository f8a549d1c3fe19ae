/// The rows of a case whose attempts vary: places of values, one for each property.
package struct VariationRows: Sendable {
  private let variation: CaseVariation?
  /// Of `pairs`.
  private let pairs: [[Int]]

  /// - Parameter variation: `nil` for a case in which nothing varies.
  package init(_ variation: CaseVariation?) {
    self.variation = variation.map { CaseVariation($0.choice, $0.varying) }
    pairs = variation?.choice == .pairs ? Self.pairs(of: variation?.varying.map(\.values.count) ?? []) : []
  }

  /// Attempts after which the rows begin again; `nil` where they are drawn.
  package var count: Int? {
    switch variation?.choice {
    case .pairs: pairs.count
    case .all: variation?.combinations
    case .drawn, nil: nil
    }
  }

  /// The row of an attempt.
  /// - Parameters:
  ///   - attempt: from 1.
  ///   - draw: a number from 0 to one below the count of a property's values, by luck.
  package func row(
    ofAttempt attempt: Int, draw: (_ property: CaseVariation.Property, _ count: Int) -> Int
  ) -> [Int] {
    guard let variation else { return [] }
    switch variation.choice {
    case .drawn: return variation.properties.map { draw($0.property, $0.values.count) }
    case .pairs: return pairs[(attempt - 1) % pairs.count]
    case .all:
      var rest = (attempt - 1) % variation.combinations
      return variation.properties.map { property in
        defer { rest /= property.values.count }
        return rest % property.values.count
      }
    }
  }

  /// Rows in which every two values of two properties meet, by taking for each place the value with the most new meetings: few rows, not always
  /// the fewest.
  ///
  /// - Parameter counts: of each property's values; at least one each.
  static func pairs(of counts: [Int]) -> [[Int]] {
    guard counts.count > 1 else { return (0..<(counts.first ?? 1)).map { counts.isEmpty ? [] : [$0] } }
    var open: Set<Meeting> = []
    var order: [Meeting] = []
    for first in counts.indices {
      for second in counts.indices where second > first {
        for one in 0..<counts[first] {
          for other in 0..<counts[second] {
            order.append(Meeting(first: first, one: one, second: second, other: other))
          }
        }
      }
    }
    open.formUnion(order)
    var rows: [[Int]] = []
    for meeting in order where open.contains(meeting) {
      var row: [Int?] = counts.map { _ in nil }
      (row[meeting.first], row[meeting.second]) = (meeting.one, meeting.other)
      for place in counts.indices where row[place] == nil {
        let news = (0..<counts[place]).map { Meeting.all(of: row, with: $0, at: place).count(where: open.contains) }
        row[place] = news.indices.max { (news[$0], -$0) < (news[$1], -$1) }
      }
      let whole = row.map { $0 ?? 0 }
      for place in whole.indices { open.subtract(Meeting.all(of: row, with: whole[place], at: place)) }
      rows.append(whole)
    }
    return rows
  }

  /// Two values of two properties.
  private struct Meeting: Hashable {
    /// Properties, the first one before the second.
    var first: Int
    var one: Int
    var second: Int
    var other: Int

    /// Those of a value at a place with the rest of its row, as far as that is chosen.
    static func all(of row: [Int?], with value: Int, at place: Int) -> [Meeting] {
      row.indices.compactMap { other in
        guard other != place, let chosen = row[other] else { return nil }
        return place < other
          ? Meeting(first: place, one: value, second: other, other: chosen)
          : Meeting(first: other, one: chosen, second: place, other: value)
      }
    }
  }
}
