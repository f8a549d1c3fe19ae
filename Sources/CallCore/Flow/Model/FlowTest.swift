/// A test of one value. A variable without a value counts as empty.
public enum FlowTest: Sendable, Equatable {
  /// Equal without regard to case.
  case equals(String)
  /// Not equal.
  case differs(String)
  /// Equal to one of these.
  case oneOf([String])
  /// A number greater than this.
  case above(Double)
  /// A number less than this.
  case below(Double)
  /// This regular expression is found in it, without regard to case.
  case matches(CompiledPattern)
  /// Nothing in it, or (`false`) something.
  case empty(Bool)

  /// Whether it holds. What is not a number is neither above nor below one.
  public func holds(for value: String) -> Bool {
    switch self {
    case .equals(let other): return value.lowercased() == other.lowercased()
    case .differs(let other): return value.lowercased() != other.lowercased()
    case .oneOf(let others):
      let value = value.lowercased()
      return others.contains { $0.lowercased() == value }
    case .above(let limit): return Double(value).map { $0 > limit } ?? false
    case .below(let limit): return Double(value).map { $0 < limit } ?? false
    case .matches(let expression): return expression.isFound(in: value)
    case .empty(let wanted): return value.isEmpty == wanted
    }
  }

  /// Steps that it takes at most, as `UtteranceIndex.stepsMax` counts them.
  func steps(for value: String) -> Int {
    let length = value.utf8.count
    return switch self {
    case .equals(let other), .differs(let other): length + other.utf8.count
    case .oneOf(let others): others.reduce(length) { $0 + $1.utf8.count }
    case .matches(let expression): length * expression.stepsPerByte
    case .above, .below: length
    case .empty: 1
    }
  }

  /// A few words for people, such as `is shipped`.
  public var words: String {
    switch self {
    case .equals(let other): "is \(other)"
    case .differs(let other): "is not \(other)"
    case .oneOf(let others): "is one of \(others.joined(separator: ", "))"
    case .above(let limit): "is above \(Self.short(limit))"
    case .below(let limit): "is below \(Self.short(limit))"
    case .matches(let expression): "matches /\(expression.source)/"
    case .empty(let wanted): wanted ? "is empty" : "is known"
    }
  }

  private static func short(_ limit: Double) -> String {
    limit == limit.rounded() && abs(limit) < 1e15 ? "\(Int(limit))" : "\(limit)"
  }
}
