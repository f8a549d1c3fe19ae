import JSON

extension JSONValue {
  /// The number at a path; `nil` when nothing is there, or no number.
  func number(at path: String) -> Double? { text(at: path).flatMap(Double.init) }
}
