extension JSONValue {
  /// The value at a path such as `order.items.0.name`, as text: names lead into objects, numbers from 0 into lists.
  ///
  /// - Returns: `nil` when nothing is there, or an object or a list.
  public func text(at path: String) -> String? {
    var value = self
    for step in path.split(separator: ".") {
      switch value {
      case .object(let members):
        guard let member = members[String(step)] else { return nil }
        value = member
      case .array(let elements):
        guard let index = Int(step), elements.indices.contains(index) else { return nil }
        value = elements[index]
      case .null, .bool, .integer, .number, .string: return nil
      }
    }
    return value.scalarText
  }

  private var scalarText: String? {
    switch self {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .bool(let flag): flag ? "true" : "false"
    case .null, .array, .object: nil
    }
  }
}
