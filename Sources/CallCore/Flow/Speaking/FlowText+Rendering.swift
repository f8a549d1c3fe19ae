extension FlowText {
  /// The text with every place filled. A variable without a value leaves its place empty.
  ///
  /// - Parameter values: by name; `today` among them tells the filter `spoken` what "tomorrow" is.
  public func rendered(with values: [String: String]) -> String { rendered(with: values, for: .speech) }

  /// Unicode scalars after which nothing more is added to a text: a hundred places with a thousand characters each, in sixty states on
  /// the way, would be megabytes. Whoever renders looks whether it is longer, and lets the flow fail.
  static let renderedMax = 8_000

  func rendered(with values: [String: String], for use: FlowTextUse) -> String {
    var text = ""
    var length = 0
    for part in parts where length <= Self.renderedMax {
      let more = Self.rendered(part, with: values, for: use, isFirst: text.isEmpty)
      text += more
      length += more.scalarCount
    }
    return text
  }

  /// The text as an address.
  ///
  /// - Parameter foreign: variables with values that are not the author's.
  /// - Returns: `nil` when one of them stands before the path: it would say whom to ask.
  func address(with values: [String: String], foreign: Set<String>) -> String? {
    var text = ""
    var length = 0
    for part in parts where length <= Self.renderedMax {
      if case .place(let variable, _) = part, foreign.contains(variable), !Self.hasAuthority(text) { return nil }
      let more = Self.rendered(part, with: values, for: .address, isFirst: text.isEmpty)
      text += more
      length += more.scalarCount
    }
    return text
  }

  /// Whether scheme, host and port of an address are complete, and its path or query has begun.
  private static func hasAuthority(_ text: String) -> Bool {
    guard let start = text.firstRange(of: "://")?.upperBound else { return false }
    return text[start...].contains { $0 == "/" || $0 == "?" || $0 == "#" }
  }

  private static func rendered(
    _ part: Part, with values: [String: String], for use: FlowTextUse, isFirst: Bool
  ) -> String {
    switch part {
    case .words(let words): return words
    case .place(let variable, let names):
      let filters = names.compactMap(FlowFilter.init(rawValue:))
      let value = filters.reduce(values[variable] ?? "") { $1.applied(to: $0, today: values["today"] ?? "") }
      return filters.contains(.raw) ? value : use.escaped(value, isFirst: isFirst)
    }
  }
}
