import CallCore
import JSON

/// What a language model that plays a caller answers with.
package struct CallerAnswer: Sendable, Equatable {
  /// The words, each fact as its id in braces; empty: nothing is said.
  var words: String
  /// Ids of the facts that the model says it uses.
  var facts: [String]
  var goal: GoalState
  var hangsUp: Bool

  /// Name of the answer's form, as the server is told.
  static let formName = "caller"

  /// - Parameter isLast: whether the call is over, so that nothing need be said.
  /// - Throws: what is wrong with the answer, for a report.
  package init(_ text: String, isLast: Bool) throws(CallerAnswerFault) {
    let value: JSONValue
    do throws(ModelJSONFault) { value = try JSONValue(inWords: text) } catch {
      switch error {
      case .noObject: throw CallerAnswerFault("no JSON object: \(ReportFormat.quoted(text))")
      case .notJSON(let fault): throw CallerAnswerFault("no JSON: \(fault)")
      }
    }
    do throws(WireFault) {
      let fields = try JSONFields(value, place: "answer")
      words = try fields.text("say", 0...CallerPrompt.wordsMax).trimming(\.isWhitespace)
      facts = Self.texts(fields["facts_used"])
      goal = try fields.choice("goal_state", of: GoalState.allCases)
      hangsUp = fields["hang_up"] == nil ? false : try fields.flag("hang_up")
    } catch {
      throw CallerAnswerFault(error.message)
    }
    guard hangsUp || isLast || !WordErrorRate.words(of: words).isEmpty else {
      throw CallerAnswerFault("nothing is said")
    }
  }

  private static func texts(_ value: JSONValue?) -> [String] {
    guard case .array(let elements)? = value else { return [] }
    return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  /// The same as the model is shown its own words again.
  var text: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("say", words)
      writer.list("facts_used", facts)
      writer.field("goal_state", goal.rawValue)
      writer.field("hang_up", hangsUp)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The JSON schema of an answer of a caller who knows `facts`.
  static func schema(facts: [String]) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", "object")
      writer.object("properties") { writer in
        writer.object("say") { $0.field("type", "string") }
        writer.object("facts_used") { writer in
          writer.field("type", "array")
          writer.object("items") { writer in
            writer.field("type", "string")
            if !facts.isEmpty { writer.list("enum", facts) }
          }
        }
        writer.object("goal_state") { writer in
          writer.field("type", "string")
          writer.list("enum", GoalState.allCases.map(\.rawValue))
        }
        writer.object("hang_up") { $0.field("type", "boolean") }
      }
      writer.list("required", ["say", "facts_used", "goal_state", "hang_up"])
      writer.field("additionalProperties", false)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

/// Why an answer of a language model cannot be used.
package struct CallerAnswerFault: Error {
  /// In a few words.
  var why: String

  init(_ why: String) { self.why = why }
}

/// A line in which facts stand as their ids in braces.
struct CallerLine {
  /// Words and facts, in order.
  private(set) var pieces: [Piece] = []

  enum Piece: Equatable {
    case words(String)
    /// What stands in the braces.
    case fact(String)
  }

  init(_ text: String) {
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if open > rest.startIndex { pieces.append(.words(String(rest[..<open]))) }
      pieces.append(.fact(String(rest[rest.index(after: open)..<close])))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { pieces.append(.words(String(rest))) }
  }

  /// Ids of the facts, in order.
  var facts: [String] {
    pieces.compactMap { if case .fact(let id) = $0 { id } else { nil } }
  }

  /// Without the facts.
  var bareWords: String {
    pieces.map { if case .words(let text) = $0 { text } else { " " } }.joined()
  }

  /// What is said; an id that there is not is left out.
  func filled(from brief: CallerBrief) -> String {
    pieces.map { piece in
      switch piece {
      case .words(let text): text
      case .fact(let id): brief.fact(id)?.value ?? ""
      }
    }.joined()
  }
}
