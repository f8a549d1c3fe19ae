/// Places boxes in rows, so that arrows mostly lead down and seldom cross: the method of Sugiyama, Tagawa and Toda (1981) in
/// its plainest form. Deterministic.
///
/// Arrows that would lead up are laid as if they led down; an arrow over several rows gets a *bend* in each row that it passes.
struct LayeredLayout {
  /// A box, or a bend of an arrow.
  struct Node {
    var width: Double
    var layer = 0
    /// Of its middle.
    var x = 0.0
    var isBend = false
  }

  /// An arrow.
  struct Edge {
    var from: Int
    var to: Int
    /// The nodes it passes, in the direction of the arrow, with both ends.
    var path: [Int] = []
  }

  private(set) var nodes: [Node]
  private(set) var edges: [Edge]
  /// The nodes of each row, from left to right.
  private(set) var layers: [[Int]] = []

  /// Horizontal space between two boxes.
  private let gap: Double
  /// More bends than this are left out; such arrows are drawn straight.
  static let bendsMax = 20_000
  private static let sweeps = 12

  /// - Parameters:
  ///   - widths: of the boxes; the first is the start.
  ///   - arrows: from box to box; those from a box to itself take no part.
  ///   - gap: between two boxes of a row.
  init(widths: [Double], arrows: [(from: Int, to: Int)], gap: Double) {
    self.gap = gap
    nodes = widths.map { Node(width: $0) }
    edges = arrows.map { Edge(from: $0.from, to: $0.to) }
    let down = acyclicEdges()
    assignLayers(down)
    addBends(down)
    order()
    place()
  }

  /// The arrows without loops, each with its index, turned round where it would close a ring.
  private func acyclicEdges() -> [(from: Int, to: Int, edge: Int)] {
    var outgoing = Array(repeating: [Int](), count: nodes.count)
    for (index, edge) in edges.enumerated() where edge.from != edge.to { outgoing[edge.from].append(index) }
    var mark = Array(repeating: 0, count: nodes.count)  // 0 unseen, 1 on the way down, 2 done
    var isTurned = Array(repeating: false, count: edges.count)
    for root in nodes.indices where mark[root] == 0 {
      var stack = [(node: root, next: 0)]
      mark[root] = 1
      while let (node, next) = stack.last {
        guard next < outgoing[node].count else {
          mark[node] = 2
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let edge = outgoing[node][next]
        let target = edges[edge].to
        if mark[target] == 1 { isTurned[edge] = true }
        if mark[target] == 0 {
          mark[target] = 1
          stack.append((target, 0))
        }
      }
    }
    return edges.enumerated().filter { $1.from != $1.to }.map { index, edge in
      isTurned[index] ? (edge.to, edge.from, index) : (edge.from, edge.to, index)
    }
  }

  /// Every box stands one row below the lowest box that leads to it.
  private mutating func assignLayers(_ down: [(from: Int, to: Int, edge: Int)]) {
    var incoming = Array(repeating: 0, count: nodes.count)
    var outgoing = Array(repeating: [Int](), count: nodes.count)
    for arrow in down {
      incoming[arrow.to] += 1
      outgoing[arrow.from].append(arrow.to)
    }
    var ready = nodes.indices.filter { incoming[$0] == 0 }
    while let node = ready.popLast() {
      for target in outgoing[node] {
        nodes[target].layer = max(nodes[target].layer, nodes[node].layer + 1)
        incoming[target] -= 1
        if incoming[target] == 0 { ready.append(target) }
      }
    }
  }

  private mutating func addBends(_ down: [(from: Int, to: Int, edge: Int)]) {
    let spans = down.reduce(0) { $0 + nodes[$1.to].layer - nodes[$1.from].layer - 1 }
    for arrow in down {
      var path = [arrow.from]
      if spans <= LayeredLayout.bendsMax {
        for layer in (nodes[arrow.from].layer + 1)..<max(nodes[arrow.to].layer, nodes[arrow.from].layer + 1) {
          path.append(nodes.count)
          nodes.append(Node(width: 12, layer: layer, isBend: true))
        }
      }
      path.append(arrow.to)
      edges[arrow.edge].path = arrow.from == edges[arrow.edge].from ? path : path.reversed()
    }
    let count = (nodes.map(\.layer).max() ?? 0) + 1
    layers = Array(repeating: [], count: count)
    for (index, node) in nodes.enumerated() { layers[node.layer].append(index) }
  }

  /// The neighbours of each node in the row above and in the row below.
  private func neighbours() -> (above: [[Int]], below: [[Int]]) {
    var above = Array(repeating: [Int](), count: nodes.count)
    var below = above
    for edge in edges {
      for (one, other) in zip(edge.path, edge.path.dropFirst()) {
        let (upper, lower) = nodes[one].layer < nodes[other].layer ? (one, other) : (other, one)
        below[upper].append(lower)
        above[lower].append(upper)
      }
    }
    return (above, below)
  }

  /// Sorts each row by the mean place of its neighbours, downwards and upwards in turn.
  private mutating func order() {
    let (above, below) = neighbours()
    var rank = Array(repeating: 0.0, count: nodes.count)
    func settle(_ layer: [Int]) {
      for (place, node) in layer.enumerated() { rank[node] = Double(place) / Double(max(layer.count - 1, 1)) }
    }
    layers.forEach(settle)
    for sweep in 0..<LayeredLayout.sweeps {
      let isDown = sweep % 2 == 0
      for layer in isDown ? Array(layers.indices) : layers.indices.reversed() {
        let keyed = layers[layer].enumerated().map { place, node in
          let near = isDown ? above[node] : below[node]
          return (near.isEmpty ? rank[node] : near.reduce(0) { $0 + rank[$1] } / Double(near.count), place, node)
        }
        layers[layer] = keyed.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
        settle(layers[layer])
      }
    }
  }

  /// Moves every node towards its neighbours, as far as the order of its row and the gaps allow.
  private mutating func place() {
    let (above, below) = neighbours()
    for layer in layers {
      var x = 0.0
      for node in layer {
        nodes[node].x = x + nodes[node].width / 2
        x += nodes[node].width + gap
      }
      for node in layer { nodes[node].x -= (x - gap) / 2 }
    }
    for sweep in 0..<LayeredLayout.sweeps {
      for layer in sweep % 2 == 0 ? layers : layers.reversed() {
        let wanted = layer.map { node in
          let near = above[node] + below[node]
          return near.isEmpty ? nodes[node].x : near.reduce(0) { $0 + nodes[$1].x } / Double(near.count)
        }
        spread(layer, wanted)
      }
    }
    let left = nodes.map { $0.x - $0.width / 2 }.min() ?? 0
    for index in nodes.indices { nodes[index].x -= left }
  }

  /// The mean of the leftmost and the rightmost places that keep every wish and every gap.
  private mutating func spread(_ layer: [Int], _ wanted: [Double]) {
    var fromLeft = wanted
    var fromRight = wanted
    for place in layer.indices.dropFirst() {
      fromLeft[place] = max(fromLeft[place], fromLeft[place - 1] + distance(layer[place - 1], layer[place]))
    }
    for place in layer.indices.dropLast().reversed() {
      fromRight[place] = min(fromRight[place], fromRight[place + 1] - distance(layer[place], layer[place + 1]))
    }
    for (place, node) in layer.enumerated() { nodes[node].x = (fromLeft[place] + fromRight[place]) / 2 }
  }

  private func distance(_ left: Int, _ right: Int) -> Double {
    (nodes[left].width + nodes[right].width) / 2 + gap
  }
}
