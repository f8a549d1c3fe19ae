import CallCore

extension NodeReader<FlowParseContext> {
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
  func patterns(_ node: FileNode) -> [UtterancePattern] {
    items(of: node, max: FlowLimits.patternsMax, "phrases").compactMap { item in
      guard let text = text(item, max: FlowLimits.patternMax) else { return nil }
      guard text.count > 2, text.hasPrefix("/"), text.hasSuffix("/") else { return pattern(text, at: item.place) }
      return counted(at: item.place, size: \.size) { pattern(text, at: item.place) }
    }
  }

  private func pattern(_ text: String, at place: FilePlace) -> UtterancePattern? {
    do throws(ExpressionFault) {
      if let pattern = try UtterancePattern.read(text) { return pattern }
      sheet.log.add(.emptyText, at: place, "`\(text)` of \(what) has no word in it that a caller could say")
    } catch {
      sheet.log.add(.badExpression, at: place, "`\(text)` of \(what) \(error)")
    }
    return nil
  }

  /// Counts it, and puts the first one too many on record.
  /// - Parameter read: not called for those.
  func counted<Expression>(at place: FilePlace, size: (Expression) -> Int, _ read: () -> Expression?) -> Expression? {
    guard sheet.expressions <= FlowLimits.expressionsMax, sheet.expressionSize <= FlowLimits.expressionSizeMax else {
      return nil
    }
    sheet.expressions += 1
    let expression = sheet.expressions <= FlowLimits.expressionsMax ? read() : nil
    sheet.expressionSize += expression.map(size) ?? 0
    let advice = "write phrases, repeat less often with `{…}`, or move states to another flow"
    if sheet.expressions > FlowLimits.expressionsMax {
      let limit = "more than \(FlowLimits.expressionsMax) expressions"
      sheet.log.add(.outOfLimits, at: place, "the flow has \(limit): \(advice)")
    } else if sheet.expressionSize > FlowLimits.expressionSizeMax {
      sheet.log.add(.outOfLimits, at: place, "the expressions of the flow are too large together: \(advice)")
    }
    return expression
  }
}

extension FlowFilter {
  /// For people.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
