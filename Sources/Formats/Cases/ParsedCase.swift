import CallCore

/// A case that was read, with the places that later checks report at.
struct ParsedCase {
  var testCase: TestCase
  /// Of its id.
  var place: FilePlace
  /// Of the name of its flow.
  var flowPlace: FilePlace
}
