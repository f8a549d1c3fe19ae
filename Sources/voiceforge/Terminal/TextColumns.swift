/// Fits text into the columns of a terminal. A character counts as one column.
enum TextColumns {
  /// The text with blanks behind it, at least `width` wide.
  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
  }

  /// The text with blanks in front of it, at least `width` wide.
  static func aligned(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }

  /// The end of a text that is too long, behind an ellipsis: of words that are still being said, the last are news.
  static func end(of text: String, to width: Int) -> String {
    text.count <= width ? text : "…" + text.suffix(max(width - 1, 0))
  }

  /// The start of a text that is too long, with an ellipsis.
  static func cut(_ text: String, to width: Int) -> String {
    text.count <= width ? text : text.prefix(max(width - 1, 0)) + "…"
  }

  /// Lines of at most `width`, broken between words; a word that is longer has a line of its own.
  static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
  }
}

/// Rows of text in aligned columns; the last column is cut where the terminal ends.
struct TextTable {
  private var rows: [[String]]

  /// - Parameter head: names of the columns.
  init(_ head: [String]) { rows = [head] }

  /// - Parameter row: as many texts as there are columns.
  mutating func add(_ row: [String]) { rows.append(row) }

  /// The table, its head in bold. Where nobody looks, nothing is cut.
  func lines(in output: TerminalOutput) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.enumerated().map { index, row in
      let cells = zip(row, widths).map { TextColumns.padded($0, to: $1) }.joined(separator: "  ")
      let bare = String(cells.reversed().drop { $0 == " " }.reversed())
      let line = output.isTerminal ? TextColumns.cut(bare, to: output.columns) : bare
      return index == 0 ? output.bold(line) : line
    }
  }
}
