/// Reads `.env` files: `NAME=value` lines, `#` comments, quotes around values, `export` before names.
enum EnvironmentFile {
  /// The variables in `text`; of two with one name, the later counts. Lines that are nothing of the kind are passed over.
  static func variables(in text: String) -> [String: String] {
    var variables: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      var trimmed = line.drop { $0.isWhitespace }
      if trimmed.hasPrefix("export ") { trimmed = trimmed.dropFirst(7) }
      guard !trimmed.hasPrefix("#"), let equals = trimmed.firstIndex(of: "=") else { continue }
      let name = trimmed[..<equals].filter { !$0.isWhitespace }
      variables[name] = value(of: trimmed[trimmed.index(after: equals)...])
    }
    return variables
  }

  private static func value(of written: Substring) -> String {
    var value = written.drop { $0.isWhitespace }
    while value.last?.isWhitespace == true { value.removeLast() }
    guard value.count >= 2, let quote = value.first, quote == "\"" || quote == "'", value.last == quote else {
      return String(value)
    }
    return String(value.dropFirst().dropLast())
  }
}
