extension TestCase {
  /// Expressions of its expectations that cannot be used, which an earlier version took. Their checks fail.
  public var expressionFaults: [(source: String, fault: ExpressionFault)] {
    (expectations + turns.flatMap(\.expectations)).compactMap { expectation in
      guard case .regex(let expression) = expectation.check, let fault = expression.fault else { return nil }
      return (expression.source, fault)
    }
  }
}
