import CallCore
import JSON

/// Reads `parameters`: a list of rows, each a mapping of the same columns. A case is written out once for each row.
struct CaseTable {
  /// One row.
  struct Row {
    /// What is added to the id: the value of the column `name`, or the row's number.
    var name: String
    /// Text of every column.
    var values: [String: String]
  }

  let context: CaseParseContext
  /// The column that names the row; it may be used like any other, and need not.
  static let nameColumn = "name"

  /// The rows; empty, with the reason on record, when there are none that can be read.
  ///
  /// - Parameter used: the placeholders of the case, for columns that nothing uses.
  func rows(_ node: FileNode, used: Set<String>) -> [Row] {
    guard case .list(let items) = node.content, let first = items.first else {
      let advice = "such as `- {name: monday, day: next Monday}`"
      context.log.add(.wrongType, at: node.place, "`parameters` must be a list of rows, \(advice), not \(node.sort)")
      return []
    }
    context.log.checkCount(items.count, max: CaseLimits.rowsMax, at: node.place, "`parameters`", "rows")
    let columns = columns(first)
    for column in columns where column.key != CaseTable.nameColumn && !used.contains(column.key) {
      let advice = "write {\(column.key)} in a text, or remove it"
      context.log.add(.unusedColumn, at: column.at, "no text of the case uses the column `\(column.key)`: \(advice)")
    }
    let keys = columns.map(\.key)
    return items.prefix(CaseLimits.rowsMax).enumerated().compactMap { index, item in
      row(item, number: index + 1, keys: keys)
    }
  }

  /// The columns of the first row, which are those of all.
  private func columns(_ row: FileNode) -> [FileField] {
    guard case .mapping(let fields) = row.content else { return [] }
    context.log.checkCount(fields.count, max: CaseLimits.columnsMax, at: row.place, "`parameters`", "columns")
    return fields.prefix(CaseLimits.columnsMax).filter { field in
      let isName = FlowText.isName(field.key)
      if !isName {
        let rule = "letters, digits, - and _, beginning with a letter"
        context.log.add(.badName, at: field.at, "`\(field.key)` cannot be the name of a column: \(rule)")
      }
      return isName
    }
  }

  private func row(_ node: FileNode, number: Int, keys: [String]) -> Row? {
    let owner = "row \(number) of `parameters`"
    // What is wrong with the first row's own columns was said before.
    guard case .mapping(let fields) = node.content,
      let reader = FieldReader(node, owner: owner, keys: number == 1 ? fields.map(\.key) : keys, context: context)
    else {
      context.log.add(.wrongType, at: node.place, "\(owner) must be `column: text` pairs, not \(node.sort)")
      return nil
    }
    var values: [String: String] = [:]
    for key in keys {
      guard let field = reader.field(key) else {
        reader.reportMissing(key, "every row has the columns of the first")
        continue
      }
      if case .nothing = field.value.content {
        values[key] = ""
      } else {
        values[key] = reader.text(key, max: CaseLimits.textMax) ?? ""
      }
    }
    return Row(name: name(values, number: number), values: values)
  }

  /// Fit for an id, whatever the column holds.
  private func name(_ values: [String: String], number: Int) -> String {
    guard let name = values[CaseTable.nameColumn], !name.isEmpty else { return "\(number)" }
    return String(name.map { CaseReader.isFitForID($0) && $0 != "/" ? $0 : "-" })
  }
}

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
