import CallCore

extension FlowGraph {
  /// What a picture is drawn for. The raw values stand in REST.
  public enum PictureForm: String, Sendable, CaseIterable {
    /// To be looked at by itself: background, headline, colours, the texts of states, the labels of arrows.
    case standalone
    /// To be a part of a page, whose style sheet gives it colours and fonts: small boxes, labels in titles only.
    case embedded
  }

  /// A picture of the flow: a box for each state, an arrow for each way, from the start downwards.
  ///
  /// In both forms a box has the class `state`, `data-state` and `data-kind`, an arrow the class `edge`, `data-from`, `data-to` and
  /// `data-label`; `Rest.md` lists them.
  public func svg(_ form: PictureForm = .standalone) -> String { FlowDrawing(self, form).svg }
}

/// Draws a flow as SVG: where its boxes and arrows are, and what they say of themselves. What a box looks like is its form's.
struct FlowDrawing {
  /// Lengths in pixels.
  struct Measures {
    /// Without tools.
    var boxHeight: Double
    /// Of a row of such boxes, with the space below it.
    var rowHeight: Double
    /// Of a line that shows a tool.
    var toolHeight: Double
    /// Horizontal space between two boxes.
    var gap: Double
    /// Left and right of everything.
    var margin: Double
    /// Above the first row.
    var top: Double
    /// What the picture is higher than its rows.
    var spareHeight: Double
    /// From the middle of a box to both ends of an arrow that leads back to it.
    var loopReach: Double
  }

  let graph: FlowGraph
  let states: [FlowGraph.State]
  let ways: [FlowTransition]
  let measures: Measures
  private let form: FlowGraph.PictureForm
  private let layout: LayeredLayout
  /// The arrows that begin or end at each box.
  private let touching: [[Int]]
  /// Upper edge and height of each row; a row is as high as its highest box.
  private let rows: [(top: Double, height: Double)]

  /// Above and below the lines of the tools together.
  private static let toolsPadding = 8.0
  /// How far an arrow that leads back to its own box goes to the right of it.
  private static let loopWidth = 26.0

  init(_ graph: FlowGraph, _ form: FlowGraph.PictureForm) {
    self.graph = graph
    self.form = form
    measures = form == .standalone ? .standalone : .embedded
    let all = graph.drawnStates
    let states = all.filter { $0.name == graph.start } + all.filter { $0.name != graph.start }
    let indices = Dictionary(states.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    ways = graph.drawnTransitions.filter { indices[$0.from] != nil && indices[$0.to] != nil }
    layout = LayeredLayout(
      widths: states.map(form == .standalone ? FlowDrawing.standaloneWidth : FlowDrawing.embeddedWidth),
      arrows: ways.map { (indices[$0.from] ?? 0, indices[$0.to] ?? 0) }, gap: measures.gap)
    self.states = states
    var touching = Array(repeating: [Int](), count: states.count)
    for (index, edge) in layout.edges.enumerated() where edge.from != edge.to {
      touching[edge.from].append(index)
      touching[edge.to].append(index)
    }
    self.touching = touching
    rows = Self.rows(of: layout, states, measures)
  }

  private static func rows(
    of layout: LayeredLayout, _ states: [FlowGraph.State], _ measures: Measures
  ) -> [(top: Double, height: Double)] {
    var top = measures.top
    return layout.layers.map { layer in
      let height = layer.filter { !layout.nodes[$0].isBend }.map { boxHeight(states[$0], measures) }.max()
      let row = (top: top, height: height ?? measures.boxHeight)
      top += row.height + measures.rowHeight - measures.boxHeight
      return row
    }
  }

  private static func boxHeight(_ state: FlowGraph.State, _ measures: Measures) -> Double {
    guard let tools = state.tools, !tools.isEmpty else { return measures.boxHeight }
    return measures.boxHeight + Double(tools.count) * measures.toolHeight + toolsPadding
  }

  /// The whole picture.
  var svg: String {
    let lines =
      switch form {
      case .standalone:
        standaloneHead + ways.indices.map { arrow($0) } + states.indices.map(standaloneBox)
          + ways.indices.compactMap(label)
      case .embedded:
        embeddedHead + ways.indices.map(embeddedArrow) + states.indices.map(embeddedBox)
      }
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// Width of the boxes alone.
  var rowsWidth: Double { layout.nodes.map { $0.x + $0.width / 2 }.max() ?? 0 }
  /// Height of the picture.
  var height: Int {
    let last = rows.last ?? (top: measures.top, height: 0)
    return Int(last.top + last.height - measures.top + measures.rowHeight - measures.boxHeight + measures.spareHeight)
  }

  /// The place of a box.
  func frame(_ index: Int) -> (left: Int, top: Int, width: Int, height: Int) {
    let (x, y) = center(index)
    let (width, height) = (layout.nodes[index].width, Self.boxHeight(states[index], measures))
    return (Int(x - width / 2), Int(y - height / 2), Int(width), Int(height))
  }

  /// The tools of a box, each in a line under a rule, below what else stands in it.
  /// - Parameters:
  ///   - inset: left and right of them.
  ///   - length: longest text.
  func toolLines(_ index: Int, inset: Int, length: Int) -> String {
    guard let tools = states[index].tools, !tools.isEmpty else { return "" }
    let (left, top, width, _) = frame(index)
    let first = top + Int(measures.boxHeight)
    let rule =
      "<line class=\"rule\" x1=\"\(left)\" y1=\"\(first)\" x2=\"\(left + width)\" y2=\"\(first)\"/>"
    let lines = tools.enumerated().map { place, tool in
      let y = Double(first) + Self.toolsPadding / 2 + (Double(place) + 0.75) * measures.toolHeight
      let text = SVGText.escaped(SVGText.shortened(tool.line, to: length))
      return "<text class=\"tool\" data-tool=\"\(SVGText.escaped(tool.name))\" x=\"\(left + inset)\" y=\"\(Int(y))\">"
        + "\(text)</text>"
    }
    return rule + lines.joined()
  }

  /// How a box is found: by the state that it shows. The one that stands for every question names them.
  func boxAttributes(_ index: Int) -> String {
    let state = states[index]
    guard state.name != FlowGraph.everywhereName else {
      return "class=\"everywhere\" data-from=\"\(questions)\""
    }
    return "class=\"state\" data-state=\"\(SVGText.escaped(state.name))\" data-kind=\"\(SVGText.escaped(state.kind))\""
  }

  /// An arrow as a path, found by the states that it joins.
  /// - Parameters:
  ///   - attributes: further ones.
  ///   - content: elements within it.
  func arrow(_ index: Int, attributes: String = "", content: String = "") -> String {
    let way = ways[index]
    let points = self.points(index)
    guard let first = points.first else { return "" }
    var path = "M\(Int(first.x)) \(Int(first.y))"
    for (from, to) in zip(points, points.dropFirst()) {
      let reach = (to.y - from.y) / 2
      path += " C\(Int(from.x)) \(Int(from.y + reach)) \(Int(to.x)) \(Int(to.y - reach)) \(Int(to.x)) \(Int(to.y))"
    }
    let from = way.from == FlowGraph.everywhereName ? questions : SVGText.escaped(way.from)
    return """
      <path class="\(classes(index))" data-from="\(from)" data-to="\(SVGText.escaped(way.to))"\
       data-label="\(SVGText.escaped(way.label))" d="\(path)"\(attributes)\(content.isEmpty ? "/>" : ">\(content)</path>")
      """
  }

  private var questions: String { SVGText.escaped(graph.questions.joined(separator: " ")) }

  private func classes(_ index: Int) -> String {
    let (way, edge) = (ways[index], layout.edges[index])
    let isBack = edge.from == edge.to || layout.nodes[edge.from].layer > layout.nodes[edge.to].layer
    let isEverywhere = way.from == FlowGraph.everywhereName
    return "edge" + (isEverywhere ? " everywhere" : way.kind.isAside ? " otherwise" : "") + (isBack ? " back" : "")
  }

  private func center(_ node: Int) -> (x: Double, y: Double) {
    let place = layout.nodes[node]
    let row = rows[place.layer]
    return (place.x + measures.margin, row.top + row.height / 2)
  }

  /// Where an arrow begins, bends and ends; a loop leaves its box at the right and comes back.
  func points(_ index: Int) -> [(x: Double, y: Double)] {
    let path = layout.edges[index].path
    guard path.count > 1 else {
      let (x, y) = center(layout.edges[index].from)
      let right = x + layout.nodes[layout.edges[index].from].width / 2
      let reach = measures.loopReach
      return [(right, y - reach), (right + FlowDrawing.loopWidth, y), (right, y + reach)]
    }
    let isDown = layout.nodes[path[0]].layer < layout.nodes[path[path.count - 1]].layer
    return path.enumerated().flatMap { place, node in
      let (x, y) = center(node)
      let height = layout.nodes[node].isBend ? rows[layout.nodes[node].layer].height : Double(frame(node).height)
      let half = (isDown ? 1 : -1) * height / 2
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
