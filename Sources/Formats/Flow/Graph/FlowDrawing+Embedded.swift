import CallCore

extension FlowDrawing.Measures {
  /// As small as names can be read: a flow of twenty states fits into a third of a screen.
  static let embedded = FlowDrawing.Measures(
    boxHeight: 38, rowHeight: 62, toolHeight: 17, gap: 22, margin: 10, top: 10, spareHeight: -4, loopReach: 9)
}

/// The picture that is a part of a page: no colours and no fonts, which are the page's.
extension FlowDrawing {
  /// Widths of a letter at the page's sizes, 13 px for names and 11 px for kinds.
  private static let nameCharacterWidth = 7.6
  private static let kindCharacterWidth = 6.0
  private static let nameLengthMax = 20
  private static let boxPadding = 26.0
  private static let toolLengthMax = 36
  private static let toolInset = 11
  private static let boxWidthMin = 76.0
  private static let cornerRadius = 9
  /// The room that a loop at the rightmost box takes beyond the margin.
  private static let loopRoom = 18.0

  static func embeddedWidth(_ state: FlowGraph.State) -> Double {
    let name = Double(min(state.name.count, nameLengthMax)) * nameCharacterWidth
    let kind = Double(words(for: state.kind).count) * kindCharacterWidth
    let tool = Double((state.tools ?? []).map { min($0.line.count, toolLengthMax) }.max() ?? 0) * kindCharacterWidth
    return max(boxWidthMin, boxPadding + max(name, kind, tool)).rounded(.up)
  }

  /// All that stands before the arrows.
  var embeddedHead: [String] {
    let hasLoop = ways.contains { $0.from == $0.to }
    let width = Int(rowsWidth + 2 * measures.margin + (hasLoop ? FlowDrawing.loopRoom : 0))
    return [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)"\
       role="img" aria-label="\(SVGText.escaped("Flow \(graph.title)"))" data-flow="\(SVGText.escaped(graph.name))">
      """,
      """
      <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
      <path d="M0 0.6 8 4 0 7.4z" fill="context-stroke"/></marker></defs>
      """,
    ]
  }

  /// With what leads along it as its title.
  func embeddedArrow(_ index: Int) -> String {
    let way = ways[index]
    let title = "\(way.from) to \(way.to)" + (way.label.isEmpty ? "" : ": \(way.label)")
    return arrow(
      index, attributes: " marker-end=\"url(#arrow)\"", content: "<title>\(SVGText.escaped(title))</title>")
  }

  /// Name and kind around the middle of the box.
  func embeddedBox(_ index: Int) -> String {
    let state = states[index]
    let kind = FlowDrawing.words(for: state.kind)
    let (left, top, width, height) = frame(index)
    let (x, y) = (left + width / 2, top + Int(measures.boxHeight) / 2)
    let title = [state.name, kind, state.text].filter { !$0.isEmpty }.joined(separator: ": ")
    let tools = toolLines(index, inset: FlowDrawing.toolInset, length: FlowDrawing.toolLengthMax)
    let name = SVGText.escaped(SVGText.shortened(state.name, to: FlowDrawing.nameLengthMax))
    let corner = state.kind == "end" ? height / 2 : FlowDrawing.cornerRadius
    let texts =
      kind.isEmpty
      ? "<text class=\"name\" x=\"\(x)\" y=\"\(y + 5)\">\(name)</text>"
      : "<text class=\"name\" x=\"\(x)\" y=\"\(y - 3)\">\(name)</text>"
        + "<text class=\"kind\" x=\"\(x)\" y=\"\(y + 13)\">\(kind)</text>"
    return """
      <g \(boxAttributes(index))><title>\(SVGText.escaped(title))</title>\
      <rect x="\(left)" y="\(top)" width="\(width)" height="\(height)" rx="\(corner)"/>\(texts)\(tools)</g>
      """
  }

  /// What a state of a kind does, after its name.
  private static func words(for kind: String) -> String {
    switch kind {
    case "say": "says"
    case "listen": "listens"
    case "collect": "asks"
    case "decide": "decides"
    case "tool": "uses a tool"
    case "llm": "lets a model talk"
    case "transfer": "goes to another flow"
    case "phone-transfer": "transfers the call"
    case "end": "ends"
    case "flow": "other flow"
    default: ""
    }
  }
}
