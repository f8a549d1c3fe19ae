import CallCore

extension FlowDrawing.Measures {
  /// Room for what a state says, and between the rows for the labels of arrows.
  static let standalone = FlowDrawing.Measures(
    boxHeight: 66, rowHeight: 138, toolHeight: 17, gap: 28, margin: 28, top: 62, spareHeight: 82, loopReach: 14)
}

/// The picture that is looked at by itself, with its own colours.
extension FlowDrawing {
  private static let characterWidth = 6.8
  private static let textLengthMax = 34

  private static let style = """
    <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
    <path d="M0 0 8 4 0 8z" fill="#5b6472"/></marker></defs>
    <style>.edge{fill:none;stroke:#5b6472;stroke-width:1.3;marker-end:url(#tip)}.edge.otherwise,.edge.everywhere{stroke-dasharray:5 4;opacity:.55}\
    .label{font-size:11px;fill:#333b47;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:4px}\
    .kind{font-size:10px;fill:#4a5260}.rule{stroke:#8d5a9e;stroke-width:.8}</style>
    """

  static func standaloneWidth(_ state: FlowGraph.State) -> Double {
    let texts = [state.text] + (state.tools ?? []).map(\.line)
    let longest = max(state.name.count + 4, texts.map { min($0.count, textLengthMax) }.max() ?? 0)
    return max(110, Double(longest) * characterWidth + 26)
  }

  /// All that stands before the arrows.
  var standaloneHead: [String] {
    let width = Int(rowsWidth + 2 * measures.margin + 40)
    let title = SVGText.escaped(graph.title)
    return [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\""
        + " height=\"\(height)\" role=\"img\" data-flow=\"\(SVGText.escaped(graph.name))\""
        + " font-family=\"system-ui, sans-serif\" font-size=\"12\">",
      "<title>\(title)</title>",
      "<desc>\(SVGText.escaped(graph.description))</desc>",
      FlowDrawing.style,
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
      "<text x=\"28\" y=\"34\" font-size=\"18\" font-weight=\"600\">\(title)</text>",
    ]
  }

  /// Kind, name and the beginning of the text.
  func standaloneBox(_ index: Int) -> String {
    let state = states[index]
    let (left, top, width, height) = frame(index)
    let (fill, stroke, radius) = FlowDrawing.look(of: state.kind)
    let edge = state.name == graph.start ? 2.6 : 1.2
    let text = SVGText.shortened(state.text, to: FlowDrawing.textLengthMax)
    return """
      <g \(boxAttributes(index))><title>\(SVGText.escaped("\(state.name): \(state.text)"))</title>\
      <rect x="\(left)" y="\(top)" width="\(width)" height="\(height)" rx="\(radius)"\
       fill="\(fill)" stroke="\(stroke)" stroke-width="\(edge)"/>\
      <text class="kind" x="\(left + 12)" y="\(top + 17)">\(SVGText.escaped(state.kind))</text>\
      <text x="\(left + 12)" y="\(top + 35)" font-weight="600">\(SVGText.escaped(state.name))</text>\
      <text x="\(left + 12)" y="\(top + 53)">\(SVGText.escaped(text))</text>\
      \(toolLines(index, inset: 12, length: FlowDrawing.textLengthMax))</g>
      """
  }

  /// Fill, stroke and corner radius.
  private static func look(of kind: String) -> (String, String, Int) {
    switch kind {
    case "say": ("#eef4ff", "#3f6fc4", 6)
    case "listen": ("#e9f9ef", "#2c8a51", 6)
    case "collect": ("#e6f7f7", "#1f7f86", 6)
    case "decide": ("#fff7e0", "#a97b12", 0)
    case "tool": ("#f5edff", "#7a4bc0", 0)
    case "llm": ("#fbeefb", "#8d5a9e", 6)
    case "transfer", "flow": ("#f3f4f6", "#667085", 30)
    case "phone-transfer": ("#fdeee4", "#b9622a", 30)
    case "end": ("#fdeaec", "#b23a48", 30)
    default: ("#ffffff", "#98a2b3", 6)
    }
  }

  /// What leads along an arrow.
  func label(_ index: Int) -> String? {
    guard !ways[index].label.isEmpty else { return nil }
    let points = self.points(index)
    guard points.count > 1 else { return nil }
    // On the arrow's first stretch: there it is clear which box it belongs to. Neighbours stand at different heights.
    let share = 0.28 + 0.15 * Double(index % 2)
    let ease = share * share * (3 - 2 * share)
    let x = points[0].x + (points[1].x - points[0].x) * ease
    let y = points[0].y + (points[1].y - points[0].y) * (1.5 * share - 1.5 * share * share + share * share * share)
    let text = SVGText.escaped(SVGText.shortened(ways[index].label, to: FlowDrawing.textLengthMax))
    return "<text class=\"label\" x=\"\(Int(x))\" y=\"\(Int(y) + 4)\">\(text)</text>"
  }
}
