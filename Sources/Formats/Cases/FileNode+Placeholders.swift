import CallCore
import JSON

extension FileNode {
  /// Every `{name}` in a text of this node, with the place of the text. Other braces stand for themselves.
  var placeholders: [(name: String, place: FilePlace)] {
    switch content {
    case .text(let text):
      FlowText(text).places.filter(\.filters.isEmpty).map { ($0.variable, place) }
    case .nothing: []
    case .list(let items): items.flatMap(\.placeholders)
    case .mapping(let fields): fields.flatMap(\.value.placeholders)
    }
  }

  /// This node with every `{name}` replaced by the value of that name.
  func filled(with values: [String: String]) -> FileNode {
    var node = self
    switch content {
    case .text(let text):
      let pieces = FlowText(text).parts.map { part in
        switch part {
        case .words(let words): words
        case .place(let name, let filters):
          filters.isEmpty ? values[name] ?? "{\(name)}" : "{\(([name] + filters).joined(separator: " | "))}"
        }
      }
      node.content = .text(pieces.joined())
    case .nothing: break
    case .list(let items): node.content = .list(items.map { $0.filled(with: values) })
    case .mapping(let fields):
      node.content = .mapping(
        fields.map { FileField(key: $0.key, at: $0.at, value: $0.value.filled(with: values)) })
    }
    return node
  }
}
