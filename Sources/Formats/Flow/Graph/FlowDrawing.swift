import CallCore

extension FlowGraph {
  /// A picture of the flow: a box for each state, an arrow for each way, from the start downwards.
  public var svg: String { FlowDrawing(self).svg }
}

/// Draws a flow as SVG.
struct FlowDrawing {
  private let graph: FlowGraph
  private let states: [FlowGraph.State]
  private let ways: [FlowTransition]
  private let layout: LayeredLayout
  private let indices: [String: Int]
  /// The arrows that begin or end at each box.
  private let touching: [[Int]]

  private static let boxHeight = 66.0
  private static let rowHeight = 138.0
  private static let margin = 28.0
  private static let head = 54.0
  private static let characterWidth = 6.8
  private static let textLengthMax = 34

  init(_ graph: FlowGraph) {
    self.graph = graph
    let all = graph.drawnStates
    let states = all.filter { $0.name == graph.start } + all.filter { $0.name != graph.start }
    let indices = Dictionary(states.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    ways = graph.drawnTransitions.filter { indices[$0.from] != nil && indices[$0.to] != nil }
    layout = LayeredLayout(
      widths: states.map(FlowDrawing.width), arrows: ways.map { (indices[$0.from] ?? 0, indices[$0.to] ?? 0) })
    self.states = states
    self.indices = indices
    var touching = Array(repeating: [Int](), count: states.count)
    for (index, edge) in layout.edges.enumerated() where edge.from != edge.to {
      touching[edge.from].append(index)
      touching[edge.to].append(index)
    }
    self.touching = touching
  }

  /// The whole picture.
  var svg: String {
    let width = Int((layout.nodes.map { $0.x + $0.width / 2 }.max() ?? 0) + 2 * FlowDrawing.margin + 40)
    let height = Int(Double(layout.layers.count) * FlowDrawing.rowHeight + FlowDrawing.head + FlowDrawing.margin)
    let title = SVGText.escaped(graph.title)
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\""
        + " height=\"\(height)\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"12\">",
      "<title>\(title)</title>",
      "<desc>\(SVGText.escaped(graph.description))</desc>",
      FlowDrawing.style,
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
      "<text x=\"28\" y=\"34\" font-size=\"18\" font-weight=\"600\">\(title)</text>",
    ]
    lines += ways.indices.map(arrow)
    lines += states.indices.map(box)
    lines += ways.indices.compactMap(label)
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private static let style = """
    <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
    <path d="M0 0 8 4 0 8z" fill="#5b6472"/></marker></defs>
    <style>.way{fill:none;stroke:#5b6472;stroke-width:1.3;marker-end:url(#tip)}.way.aside{stroke-dasharray:5 4;opacity:.55}\
    .label{font-size:11px;fill:#333b47;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:4px}\
    .kind{font-size:10px;fill:#4a5260}</style>
    """

  private static func width(_ state: FlowGraph.State) -> Double {
    let longest = max(state.name.count + 4, min(state.text.count, textLengthMax))
    return max(110, Double(longest) * characterWidth + 26)
  }

  private func center(_ node: Int) -> (x: Double, y: Double) {
    let place = layout.nodes[node]
    let y = FlowDrawing.head + Double(place.layer) * FlowDrawing.rowHeight + FlowDrawing.boxHeight / 2 + 8
    return (place.x + FlowDrawing.margin, y)
  }

  private func box(_ index: Int) -> String {
    let state = states[index]
    let (x, y) = center(index)
    let width = layout.nodes[index].width
    let left = Int(x - width / 2)
    let top = Int(y - FlowDrawing.boxHeight / 2)
    let (fill, stroke, radius) = FlowDrawing.look(of: state.kind)
    let edge = state.name == graph.start ? 2.6 : 1.2
    let text = SVGText.shortened(state.text, to: FlowDrawing.textLengthMax)
    return """
      <g><title>\(SVGText.escaped("\(state.name): \(state.text)"))</title>\
      <rect x="\(left)" y="\(top)" width="\(Int(width))" height="\(Int(FlowDrawing.boxHeight))" rx="\(radius)"\
       fill="\(fill)" stroke="\(stroke)" stroke-width="\(edge)"/>\
      <text class="kind" x="\(left + 12)" y="\(top + 17)">\(SVGText.escaped(state.kind))</text>\
      <text x="\(left + 12)" y="\(top + 35)" font-weight="600">\(SVGText.escaped(state.name))</text>\
      <text x="\(left + 12)" y="\(top + 53)">\(SVGText.escaped(text))</text></g>
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
    case "transfer", "flow": ("#f3f4f6", "#667085", 30)
    case "phone-transfer": ("#fdeee4", "#b9622a", 30)
    case "end": ("#fdeaec", "#b23a48", 30)
    default: ("#ffffff", "#98a2b3", 6)
    }
  }

  private func arrow(_ index: Int) -> String {
    let isAside = ways[index].kind.isAside || ways[index].from == FlowGraph.everywhereName
    let name = "way" + (isAside ? " aside" : "")
    let points = self.points(index)
    guard let first = points.first else { return "" }
    var path = "M\(Int(first.x)) \(Int(first.y))"
    for (from, to) in zip(points, points.dropFirst()) {
      let reach = (to.y - from.y) / 2
      path += " C\(Int(from.x)) \(Int(from.y + reach)) \(Int(to.x)) \(Int(to.y - reach)) \(Int(to.x)) \(Int(to.y))"
    }
    return "<path class=\"\(name)\" d=\"\(path)\"/>"
  }

  /// Where an arrow begins, bends and ends; a loop leaves its box at the right and comes back.
  private func points(_ index: Int) -> [(x: Double, y: Double)] {
    let path = layout.edges[index].path
    guard path.count > 1 else {
      let (x, y) = center(layout.edges[index].from)
      let right = x + layout.nodes[layout.edges[index].from].width / 2
      return [(right, y - 14), (right + 26, y), (right, y + 14)]
    }
    let isDown = layout.nodes[path[0]].layer < layout.nodes[path[path.count - 1]].layer
    return path.enumerated().flatMap { place, node in
      let (x, y) = center(node)
      let half = (isDown ? 1 : -1) * FlowDrawing.boxHeight / 2
      if layout.nodes[node].isBend { return [(x, y - half), (x, y + half)] }  // straight past the boxes of the row
      return [(x + spread(index, node), place == 0 ? y + half : y - half)]
    }
  }

  /// Arrows of one box begin and end side by side, in the order of the boxes they lead to.
  private func spread(_ index: Int, _ node: Int) -> Double {
    func other(_ edge: LayeredLayout.Edge) -> Int { edge.from == node ? edge.path[1] : edge.path[edge.path.count - 2] }
    let mine = layout.edges[index]
    guard mine.path.count > 1 else { return 0 }
    let isBelow = layout.nodes[other(mine)].layer > layout.nodes[node].layer
    let fellows = touching[node].filter { candidate in
      (layout.nodes[other(layout.edges[candidate])].layer > layout.nodes[node].layer) == isBelow
    }.sorted { (layout.nodes[other(layout.edges[$0])].x, $0) < (layout.nodes[other(layout.edges[$1])].x, $1) }
    guard let rank = fellows.firstIndex(of: index), fellows.count > 1 else { return 0 }
    let room = min(layout.nodes[node].width - 24, Double(fellows.count - 1) * 22)
    return (Double(rank) / Double(fellows.count - 1) - 0.5) * room
  }

  private func label(_ index: Int) -> String? {
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

/// Text inside SVG.
enum SVGText {
  /// With entities for what XML would read as its own, and without what XML does not allow.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n", "\r": escaped += " "
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: break
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }

  /// At most `length` characters.
  static func shortened(_ text: String, to length: Int) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }
}
