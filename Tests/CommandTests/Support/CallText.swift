import JSON
import Foundation

/// What was said in a call, as the program tells it.
enum CallText {
  /// From the lines of the terminal.
  static func said(by who: String, in output: String) -> [String] {
    let mark = " s  \(who == "agent" ? "agent " : who)  "
    return output.split(separator: "\n").compactMap { line in
      let parts = String(line).components(separatedBy: mark)
      return parts.count == 2 ? parts[1] : nil
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
