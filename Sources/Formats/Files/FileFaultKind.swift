/// What can be wrong with a flow file or a file of test cases.
public enum FileFaultKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Not YAML.
  case brokenYAML = "broken-yaml"
  /// An anchor that an alias refers to.
  case alias
  /// A key that means nothing there.
  case unknownKey = "unknown-key"
  /// A key that must be there is not.
  case missingKey = "missing-key"
  /// The same name twice.
  case duplicate
  /// A list where a text is expected, a number that is none, and the like.
  case wrongType = "wrong-type"
  /// A number, length or count outside its limits.
  case outOfLimits = "out-of-limits"
  /// A name with characters that names must not have, or one that is taken by the product.
  case badName = "bad-name"
  /// A state of no kind, or of two.
  case unknownKind = "unknown-kind"
  /// No state of that name.
  case unknownState = "unknown-state"
  /// No flow of that name.
  case unknownFlow = "unknown-flow"
  /// A state's short form names an intent that the file does not describe.
  case unknownIntent = "unknown-intent"
  /// A text names a variable that nothing gives a value to.
  case unknownVariable = "unknown-variable"
  /// A text names a filter that there is not.
  case unknownFilter = "unknown-filter"
  /// A text without words.
  case emptyText = "empty-text"
  /// A brace that belongs to no variable.
  case strayBrace = "stray-brace"
  /// Not a regular expression, or one with what there is not: look-around, back-references.
  case badExpression = "bad-expression"
  /// No way leads there.
  case unreachable
  /// No way leads on from there to an end.
  case deadEnd = "dead-end"
  /// States that go round without ever waiting for the caller.
  case endlessLoop = "endless-loop"
  /// A slot that the flow never fills.
  case unknownSlot = "unknown-slot"
  /// An outcome that the flow never comes to.
  case unknownOutcome = "unknown-outcome"
  /// What cannot be true, done or checked together.
  case contradiction
  /// A column of a table that nothing in the case names.
  case unusedColumn = "unused-column"
  /// A recording that there is not.
  case missingFile = "missing-file"
  /// Not the JSON of test cases.
  case badJSON = "bad-json"
}
