import CallCore
import JSON
import Wires

/// A tool that the agent called, as far as its side tells.
struct CalledTool {
  var at: Timestamp
  var name: String
  /// An object as a rule; `nil` where they are not told.
  var arguments: JSONValue?
  /// As told, for people.
  var text: String

  /// Of what the agent wrote more is not shown.
  private static let argumentsShown = 200

  init(_ use: CallEvidence.ToolUse) {
    (at, name) = (use.at, use.call.name)
    let written = use.call.arguments
    do throws(JSONFault) {
      arguments = try JSONValue(parsing: written.isEmpty ? "{}" : written)
    } catch {
      arguments = .string(written)  // fits nothing that is expected, and is shown as it came
    }
    let isLong = written.unicodeScalars.count > Self.argumentsShown
    text = "\(name)(\(written.bounded(to: Self.argumentsShown))\(isLong ? "…" : ""))"
  }

  /// - Parameter entry: of a record's timeline: `state: method`. What the tool was asked for may hold credentials and is in no record.
  init?(_ entry: TimelineEntry) {
    guard entry.kind == .toolCalled, let colon = entry.detail.lastIndex(of: ":") else { return nil }
    at = entry.at
    name = String(entry.detail[..<colon])
    text = name
  }

  /// Whether this is the call that is expected.
  /// - Returns: `nil` when its arguments are not told and some are expected.
  func isLike(_ call: ExpectedToolCall) -> Bool? {
    guard name == call.name else { return false }
    if call.arguments.isEmpty { return true }
    guard let arguments else { return nil }
    return ExpectedArgument.members(call.arguments).isMet(by: arguments)
  }
}

extension CallEvidence {
  /// Tools that the agent called, in order; `nil` where its side did not tell.
  var calledTools: [CalledTool]? {
    wire == .voiceforge ? record?.timeline.compactMap(CalledTool.init) : toolCalls.map(CalledTool.init)
  }
}

extension ExpectationCheck {
  /// Whether these were called one after the other, with others between them or not.
  func tools(_ wanted: [ExpectedToolCall]) -> Finding {
    let expected = "calls of \(wanted.map(\.description).joined(separator: ", then "))"
    guard let calls = facts.tools else {
      return Finding(isMet: nil, expected: expected, actual: "the agent's record did not come")
    }
    var rest = calls[...]
    for (index, call) in wanted.enumerated() {
      let found = rest.firstIndex { $0.isLike(call) == true }
      if let found {
        rest = rest[(found + 1)...]
        continue
      }
      let isUnknown = rest.contains { $0.isLike(call) == nil } || !facts.isTimelineWhole
      let missing = wanted[index...].map(\.description).joined(separator: ", ")
      let lack = calls.isEmpty && index == 0 ? "" : "; missing: \(missing)"
      return Finding(isMet: isUnknown ? nil : false, expected: expected, actual: Self.text(of: calls) + lack)
    }
    return Finding(isMet: true, expected: expected, actual: Self.text(of: calls))
  }

  /// Of more calls the first are shown.
  private static let callsShown = 10

  private static func text(of calls: [CalledTool]) -> String {
    guard !calls.isEmpty else { return "called no tool" }
    let more = calls.count > callsShown ? " and \(calls.count - callsShown) more" : ""
    return "called " + calls.prefix(callsShown).map(\.text).joined(separator: ", ") + more
  }
}

extension ExpectedArgument {
  /// - Parameter value: `nil` where there is none.
  func isMet(by value: JSONValue?) -> Bool {
    switch (self, value) {
    case (.nothing, nil), (.nothing, .null): true
    case (.text(let text), .string(let found)): ExpectationCheck.isSame(found, text)
    case (.text(let text), .integer(let found)): Int64(text) == found || Double(text) == Double(found)
    case (.text(let text), .number(let found)): Double(text) == found
    case (.text(let text), .bool(let found)): text.lowercased() == "\(found)"
    case (.list(let elements), .array(let found)):
      elements.count == found.count && zip(elements, found).allSatisfy { $0.isMet(by: $1) }
    case (.members(let members), .object(let found)): members.allSatisfy { $1.isMet(by: found[$0]) }
    default: false
    }
  }
}
