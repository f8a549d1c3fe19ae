/// What is going on, in one line of standard error that is overwritten; nothing where nobody looks.
enum ProgressLine {
  /// Shows `text` until the next one, or until `clear`.
  static func show(_ text: String) {
    guard TerminalOutput.errors.isTerminal else { return }
    TerminalOutput.errors.write(
      "\r\u{1B}[K" + TerminalOutput.errors.dim(TextColumns.cut(text, to: TerminalOutput.errors.columns - 1)))
  }

  /// Must be called before anything else is written.
  static func clear() {
    guard TerminalOutput.errors.isTerminal else { return }
    TerminalOutput.errors.write("\r\u{1B}[K")
  }

  /// Shows `text` while `work` goes on.
  static func during<Result>(_ text: String, _ work: () throws -> Result) rethrows -> Result {
    show(text)
    defer { clear() }
    return try work()
  }
}
