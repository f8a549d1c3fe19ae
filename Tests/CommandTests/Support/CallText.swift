import CallWire

/// What was said in a call, as the program tells it.
enum CallText {
  /// From the lines of the terminal.
  static func said(by who: String, in output: String) -> [String] {
    output.split(separator: "\n").compactMap { line in
      guard let range = line.firstRange(of: " s  \(who)") else { return nil }
      return String(line.suffix(from: range.upperBound).drop(while: { $0 == " " }))
    }
  }

  /// From the record in the JSON.
  static func said(by who: String, in document: JSONValue) -> [String] {
    entries(of: document).filter { $0.text(at: "role") == who }.compactMap { $0.text(at: "text") }
  }

  /// How often the agent was cut off.
  static func interruptions(in document: JSONValue) -> Int {
    entries(of: document).count { $0["interrupted"] == .bool(true) }
  }

  private static func entries(of document: JSONValue) -> [JSONValue] {
    guard case .array(let entries)? = document["record"]?["transcript"] else { return [] }
    return entries
  }
}
