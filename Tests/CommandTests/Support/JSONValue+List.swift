import JSON

extension JSONValue {
  /// The elements of a list; none where there is no list.
  func list(_ name: String) -> [JSONValue] {
    guard case .array(let elements)? = self[name] else { return [] }
    return elements
  }
}
