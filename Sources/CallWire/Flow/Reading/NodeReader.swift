import CallCore

/// Reads texts, lists of texts and patterns, whatever they belong to.
struct NodeReader {
  let sheet: FlowSheet
  /// What is read, for people: "`say` of state `menu`".
  let what: String

  /// Plain text that is not empty.
  func text(_ node: FileNode, max: Int) -> String? {
    switch node.content {
    case .text(let text):
      guard text.contains(where: { !$0.isWhitespace }) else { break }
      guard text.count <= max else {
        sheet.log.add(.outOfLimits, at: node.place, "\(what) has \(text.count) characters; at most \(max) are allowed")
        return nil
      }
      return text
    case .nothing:
      break
    case .list, .mapping:
      let advice = "a text that begins with { or [ must be in quotes"
      sheet.log.add(.wrongType, at: node.place, "\(what) must be a text, not \(node.sort); \(advice)")
      return nil
    }
    sheet.log.add(.emptyText, at: node.place, "\(what) is empty: write a text or remove it")
    return nil
  }

  /// A text with variables, put down for the check of their names.
  func template(
    _ node: FileNode, isSpoken: Bool = true, max: Int = FlowLimits.textMax, builtins: Set<String> = []
  ) -> FlowText? {
    guard let text = text(node, max: max) else { return nil }
    let template = FlowText(text.trimming(\.isWhitespace))
    sheet.texts.append(.init(text: template, place: node.place, isSpoken: isSpoken, builtins: builtins))
    if isSpoken, template.hasStrayBrace {
      let advice = "a variable is written {name} or {name | filter}; filters: \(FlowFilter.names)"
      sheet.log.add(.strayBrace, at: node.place, "\(what) has a brace that belongs to no variable; \(advice)")
    }
    return template
  }

  /// A text with variables or a list of such.
  func templates(_ node: FileNode, builtins: Set<String> = []) -> [FlowText] {
    items(of: node, max: FlowLimits.textsMax, "texts").compactMap { template($0, builtins: builtins) }
  }

  /// A phrase or `/expression/`, or a list of such.
  func patterns(_ node: FileNode) -> [HeardPattern] {
    items(of: node, max: FlowLimits.patternsMax, "phrases").compactMap { item in
      guard let text = text(item, max: FlowLimits.patternMax) else { return nil }
      guard let pattern = HeardPattern(text) else {
        if text.hasPrefix("/") {
          sheet.log.add(.badExpression, at: item.place, "`\(text)` of \(what) is not a regular expression")
        } else {
          sheet.log.add(.emptyText, at: item.place, "`\(text)` of \(what) has no word in it that a caller could say")
        }
        return nil
      }
      if case .expression(let expression) = pattern { checkRunAway(expression, at: item.place) }
      return pattern
    }
  }

  /// Puts on record an expression that may search without end.
  func checkRunAway(_ expression: String, at place: FilePlace) {
    guard HeardExpression.mayRunAway(expression) else { return }
    let advice = "repeat either the group or what is in it, not both"
    sheet.log.add(.badExpression, at: place, "/\(expression)/ of \(what) may search without end; \(advice)")
  }

  /// The items of a list, or the node itself as the only one.
  func items(of node: FileNode, max: Int, _ plural: String) -> [FileNode] {
    guard case .list(let items) = node.content else { return [node] }
    if items.isEmpty { sheet.log.add(.emptyText, at: node.place, "\(what) is an empty list") }
    if items.count > max {
      sheet.log.add(.outOfLimits, at: node.place, "\(what) has \(items.count) \(plural); at most \(max) are allowed")
    }
    return Array(items.prefix(max))
  }
}

extension FlowFilter {
  /// For people.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
