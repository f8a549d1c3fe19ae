/// Writes to the person at the terminal.
enum Terminal {
  /// One line on standard output, at once.
  static func line(_ text: String) { TerminalOutput.output.line(text) }

  /// One line on standard error.
  static func note(_ text: String) { TerminalOutput.errors.line(text) }

  /// Dim on a terminal, plain elsewhere.
  static func dim(_ text: String) -> String { TerminalOutput.output.dim(text) }

  /// Bold on a terminal, plain elsewhere.
  static func bold(_ text: String) -> String { TerminalOutput.output.bold(text) }
}
