import CallCore
import JSON

/// Reads texts, lists of texts and patterns, whatever they belong to.
struct NodeReader<Sheet: FileParseContext> {
  let sheet: Sheet
  /// What is read, for people: "`say` of state `menu`".
  let what: String

  /// Plain text that is not empty.
  func text(_ node: FileNode, max: Int) -> String? {
    switch node.content {
    case .text(let text):
      guard text.contains(where: { !$0.isWhitespace }) else { break }
      guard text.scalarCount <= max else {
        sheet.log.add(
          .outOfLimits, at: node.place, "\(what) has \(text.scalarCount) characters; at most \(max) are allowed")
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

  /// One of the words of `Choice`.
  func choice<Choice: RawRepresentable & CaseIterable>(_ node: FileNode) -> Choice? where Choice.RawValue == String {
    guard let word = text(node, max: FlowLimits.nameMax) else { return nil }
    if let choice = Choice(rawValue: word) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    let near = FileFaultLog.suggestion(for: word, among: words)
    let known = near.isEmpty ? "; one of \(words.joined(separator: ", "))" : near
    sheet.log.add(.wrongType, at: node.place, "\(what) cannot be `\(word)`\(known)")
    return nil
  }

  /// A regular expression, with slashes around it or without.
  func expression(_ node: FileNode) -> CompiledPattern? {
    guard let text = text(node, max: FlowLimits.patternMax) else { return nil }
    let isBare = !(text.count > 2 && text.hasPrefix("/") && text.hasSuffix("/"))
    let expression = CompiledPattern(isBare ? text : String(text.dropFirst().dropLast()))
    guard let fault = expression.fault else { return expression }
    sheet.log.add(.badExpression, at: node.place, "`\(text)` of \(what) \(fault)")
    return nil
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
