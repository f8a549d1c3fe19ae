import Foundation

/// Writes to the person at the terminal.
enum Terminal {
  /// Whether standard output is a terminal, so that colours and overwriting make sense.
  static let isInteractive = isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

  /// One line on standard output, at once.
  static func line(_ text: String) { write(text + "\n", to: .standardOutput) }

  /// One line on standard error.
  static func note(_ text: String) { write(text + "\n", to: .standardError) }

  /// Dim on a terminal, plain elsewhere.
  static func dim(_ text: String) -> String { isInteractive ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// Bold on a terminal, plain elsewhere.
  static func bold(_ text: String) -> String { isInteractive ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  private static func write(_ text: String, to file: FileHandle) {
    // A reader that went away, as `| head` does, is no fault of ours, and there is nobody to tell.
    do { try file.write(contentsOf: Data(text.utf8)) } catch { return }
  }
}
