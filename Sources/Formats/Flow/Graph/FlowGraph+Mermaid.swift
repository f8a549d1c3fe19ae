import CallCore
import JSON

extension FlowGraph {
  /// The flow as a Mermaid flowchart, for Markdown files and wikis.
  public var mermaid: String {
    var lines = ["---", "title: \(FlowGraph.quoted(title))", "---", "flowchart TD"]
    let drawn = drawnStates
    let ids = Dictionary(uniqueKeysWithValues: drawn.enumerated().map { ($1.name, "s\($0)") })
    for state in drawn {
      let text = state.text.isEmpty ? "" : "<br/>\(FlowGraph.mermaidText(state.text))"
      let label = "\"<b>\(FlowGraph.mermaidText(state.name))</b>\(text)\""
      let (open, close) = FlowGraph.mermaidShape(of: state.kind)
      lines.append("  \(ids[state.name] ?? "")\(open)\(label)\(close)")
    }
    for way in drawnTransitions {
      guard let from = ids[way.from], let to = ids[way.to] else { continue }
      let label = way.label.isEmpty ? "" : "|\"\(FlowGraph.mermaidText(way.label))\"|"
      lines.append("  \(from) -->\(label) \(to)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func mermaidShape(of kind: String) -> (String, String) {
    switch kind {
    case "listen", "collect", "everywhere": ("(", ")")
    case "decide": ("{", "}")
    case "tool": ("[[", "]]")
    case "end", "phone-transfer", "flow", "transfer": ("([", "])")
    default: ("[", "]")
    }
  }

  /// For the YAML above the chart.
  private static func quoted(_ text: String) -> String {
    let escaped = text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0.isNewline ? " " : $0] }
    return "\"\(String(escaped))\""
  }

  /// Mermaid's own entities; whatever it might read as syntax becomes one.
  private static func mermaidText(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "\"", "<", ">", "&", "#", "|", "{", "}", "[", "]", "(", ")", ";", ":", "`", "\\":
        escaped += "#\(scalar.value);"
      case _ where scalar.value < 0x20: escaped += " "
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}
