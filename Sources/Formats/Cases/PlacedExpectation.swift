import CallCore

/// An expectation and where it stands.
struct PlacedExpectation {
  var expectation: Expectation
  var place: FilePlace

  var check: Expectation.Check { expectation.check }
  var isAbsent: Bool { expectation.isAbsent }
}
