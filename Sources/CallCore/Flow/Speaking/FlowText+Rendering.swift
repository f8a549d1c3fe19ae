extension FlowText {
  /// The text with every place filled. A variable without a value leaves its place empty.
  ///
  /// - Parameter values: by name; `today` among them tells the filter `spoken` what "tomorrow" is.
  public func rendered(with values: [String: String]) -> String { rendered(with: values, for: .speech) }

  func rendered(with values: [String: String], for use: FlowTextUse) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .words(let words):
        text += words
      case .place(let variable, let names):
        let filters = names.compactMap(FlowFilter.init(rawValue:))
        let value = filters.reduce(values[variable] ?? "") { $1.applied(to: $0, today: values["today"] ?? "") }
        text += filters.contains(.raw) ? value : use.escaped(value, isFirst: text.isEmpty)
      }
    }
    return text
  }
}
