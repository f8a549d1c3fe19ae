import CallCore

extension FlowGraph {
  /// Stands for every state that waits for the caller, so that intents that count everywhere are drawn once.
  static let everywhereName = "(any question)"

  /// The states as they are drawn: with the flows that are transferred to, and one box for every question.
  var drawnStates: [State] {
    let others = ownTransitions.map(\.to).filter { $0.hasPrefix("flow:") }.reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    let pseudo = everywhere.isEmpty ? [] : [State(name: FlowGraph.everywhereName, kind: "everywhere", text: "")]
    return states + others.map { State(name: $0, kind: "flow", text: "") } + pseudo
  }

  /// The ways as they are drawn: those between the same two states are one, with all its labels.
  var drawnTransitions: [FlowTransition] {
    let all =
      ownTransitions + everywhere.map { FlowTransition(from: FlowGraph.everywhereName, to: $0.to, label: $0.label) }
    var merged: [FlowTransition] = []
    var places: [[String]: Int] = [:]
    for way in all {
      if let place = places[[way.from, way.to]] {
        merged[place].label += way.label.isEmpty ? "" : ", \(way.label)"
      } else {
        places[[way.from, way.to]] = merged.count
        merged.append(way)
      }
    }
    return merged
  }
}
