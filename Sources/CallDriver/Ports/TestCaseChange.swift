/// What became of a change to the test cases.
public enum TestCaseChange: Sendable, Equatable {
  /// It was made.
  case done
  /// Nothing changed: there is a case of this id already.
  case taken(id: String)
  /// Nothing changed: there is no such case.
  case missing
  /// Nothing changed: there is no room. Names the limit, in words.
  case full(limit: String)
}
