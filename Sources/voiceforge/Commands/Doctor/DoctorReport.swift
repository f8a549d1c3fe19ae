import Formats
import JSON
import Wires

/// Everything that `voiceforge doctor` found.
struct DoctorReport: JSONDocument {
  let sections: [DoctorSection]

  /// Checks of something needed that is not there.
  var missing: [DoctorCheck] { sections.flatMap(\.checks).filter { $0.state == .missing } }

  /// The last line of the text.
  var verdict: String {
    guard !missing.isEmpty else { return "Everything needed is here." }
    return
      "\(missing.count) \(missing.count == 1 ? "thing is" : "things are") missing; what to do stands behind the arrows."
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("ok", missing.isEmpty)
    writer.list("sections", sections) { writer, section in writer.object(section.writeMembers) }
  }
}

/// Checks that belong together.
struct DoctorSection {
  let title: String
  /// Where most of the files are; the terminal shows their paths without it.
  var folder = " "
  let checks: [DoctorCheck]

  /// For the terminal.
  func lines(in output: TerminalOutput) -> [String] {
    let names = width(of: \.name)
    let details = min(width(of: found), Self.detailMax)
    var lines = [output.bold(title)]
    for (index, check) in checks.enumerated() {
      let name = TextColumns.padded(check.name, to: names)
      let place = check.path.hasPrefix(folder) ? String(check.path.dropFirst(folder.count)) : check.path
      let line = place.isEmpty ? found(check) : TextColumns.padded(found(check), to: details) + "  " + place
      lines.append("  \(mark(check.state, in: output)) \(name)  \(line)")
      // One arrow stands for several checks in a row that are mended by the same.
      let next = checks.indices.contains(index + 1) ? checks[index + 1].remedy : nil
      if let remedy = check.remedy, remedy != next {
        lines.append("    \(TextColumns.padded("", to: names))  \(output.bold("→ \(remedy)"))")
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

  private func mark(_ state: DoctorCheck.State, in output: TerminalOutput) -> String {
    switch state {
    case .fine: output.green("✓")
    case .note: output.yellow("!")
    case .missing: output.red("✗")
    }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("title", title)
    writer.list("checks", checks) { writer, check in writer.object(check.writeMembers) }
  }
}

/// One thing that `voiceforge doctor` looked at.
struct DoctorCheck {
  /// How it is. The raw values stand in the JSON.
  enum State: String {
    case fine
    /// The product works without it, or with another setting.
    case note
    /// Needed, and missing or broken.
    case missing
  }

  /// Such as `Moonshine encoder`.
  var name: String
  var state = State.fine
  /// What was found, in a few words.
  var detail = ""
  /// Where it is or should be; empty for what is no file.
  var path = ""
  /// Size of the file, if it is one.
  var bytes: Int?
  /// What the user can do.
  var remedy: String?

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("name", name)
    writer.field("state", state.rawValue)
    writer.field("detail", detail)
    writer.field("path", path.isEmpty ? nil : path)
    writer.field("bytes", bytes)
    writer.field("remedy", remedy)
  }
}
