/// Routes that belong together, with the schemas that are theirs.
struct APIArea: Sendable {
  /// Its name in the document.
  var name: String
  /// One sentence.
  var about: String
  var operations: [APIOperation]
  /// By name.
  var schemas: [String: APISchema]

  /// In the order of the document.
  static let all: [APIArea] = [server, calls, flows, voices, speech, tests, usage, loads, keys, export]
}
