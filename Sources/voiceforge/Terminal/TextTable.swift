/// Rows of text in aligned columns; the last column is cut where the terminal ends.
struct TextTable {
  private var rows: [[String]]

  /// - Parameter head: names of the columns.
  init(_ head: [String]) { rows = [head] }

  /// - Parameter row: as many texts as there are columns.
  mutating func add(_ row: [String]) { rows.append(row) }

  /// The table, its head in bold. Where nobody looks, nothing is cut.
  func lines(to width: Int, in outlet: TerminalOutput) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.enumerated().map { index, row in
      let cells = zip(row, widths).map { TextColumns.padded($0, to: $1) }.joined(separator: "  ")
      let bare = String(cells.reversed().drop { $0 == " " }.reversed())
      let line = outlet.isTerminal ? TextColumns.cut(bare, to: width) : bare
      return index == 0 ? outlet.bold(line) : line
    }
  }
}
