import JSON
import Wires
import Formats

/// Checks that belong together.
struct DoctorSection {
  let title: String
  /// Where most of the files are; the terminal shows their paths without it.
  var folder = " "
  let checks: [DoctorCheck]

  /// For the terminal.
  func lines(in outlet: TerminalOutput) -> [String] {
    let names = width(of: \.name)
    let details = min(width(of: found), Self.detailMax)
    var lines = [outlet.bold(title)]
    for (index, check) in checks.enumerated() {
      let name = TextColumns.padded(check.name, to: names)
      let place = check.path.hasPrefix(folder) ? String(check.path.dropFirst(folder.count)) : check.path
      let line = place.isEmpty ? found(check) : TextColumns.padded(found(check), to: details) + "  " + place
      lines.append("  \(mark(check.state, in: outlet)) \(name)  \(line)")
      // One arrow stands for several checks in a row that are mended by the same.
      let next = checks.indices.contains(index + 1) ? checks[index + 1].remedy : nil
      if let remedy = check.remedy, remedy != next {
        lines.append("    \(TextColumns.padded("", to: names))  \(outlet.bold("→ \(remedy)"))")
      }
    }
    return lines
  }

  /// Paths are aligned behind what is no wider than this.
  private static let detailMax = 18

  /// Size and detail; sizes have a column of their own where files have any.
  private func found(_ check: DoctorCheck) -> String {
    guard checks.contains(where: { $0.bytes != nil }) else { return check.detail }
    return TextColumns.aligned(check.bytes.map(SpokenFigures.size) ?? "", to: 7) + "  " + check.detail
  }

  private func width(of text: (DoctorCheck) -> String) -> Int { checks.map { text($0).count }.max() ?? 0 }

  private func mark(_ state: DoctorCheck.State, in outlet: TerminalOutput) -> String {
    switch state {
    case .fine: outlet.green("✓")
    case .note: outlet.yellow("!")
    case .missing: outlet.red("✗")
    }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("title", title)
    writer.list("checks", checks) { writer, check in writer.object(check.writeMembers) }
  }
}
