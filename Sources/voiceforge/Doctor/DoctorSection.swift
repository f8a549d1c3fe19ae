import CallWire

/// Checks that belong together.
struct DoctorSection {
  let title: String
  /// Where most of the files are; the terminal shows their paths without it.
  var folder = " "
  let checks: [DoctorCheck]

  /// For the terminal.
  func lines(in outlet: Outlet) -> [String] {
    let (names, details) = (width(of: \.name), width(of: \.shortDetail))
    var lines = [outlet.bold(title)]
    for (index, check) in checks.enumerated() {
      let name = TextColumns.padded(check.name, to: names)
      let place = check.path.hasPrefix(folder) ? String(check.path.dropFirst(folder.count)) : check.path
      let detail = place.isEmpty ? check.shortDetail : TextColumns.padded(check.shortDetail, to: details)
      let found = [detail, place].filter { !$0.isEmpty }.joined(separator: "  ")
      lines.append("  \(mark(check.state, in: outlet)) \(name)  \(found)")
      // One arrow stands for several checks in a row that are mended by the same.
      let next = checks.indices.contains(index + 1) ? checks[index + 1].remedy : nil
      if let remedy = check.remedy, remedy != next {
        lines.append("    \(TextColumns.padded("", to: names))  \(outlet.bold("→ \(remedy)"))")
      }
    }
    return lines
  }

  private func width(of text: (DoctorCheck) -> String) -> Int { checks.map { text($0).count }.max() ?? 0 }

  private func mark(_ state: DoctorCheck.State, in outlet: Outlet) -> String {
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
