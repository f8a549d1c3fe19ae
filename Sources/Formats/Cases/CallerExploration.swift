public import CallCore
import JSON

/// Has a language model invent callers of a flow, one at a time: what it is asked, and the test cases that its answers make.
public struct CallerExploration: Sendable {
  /// A caller that was invented.
  public struct Caller: Sendable, Equatable {
    /// A few words for people.
    public var title: String
    /// What it wants.
    public var goal: String
    /// What it knows, by id.
    public var facts: [(id: String, value: String)]
    /// Words of offers that it refuses.
    public var never: [String]
    /// One of `manners`.
    public var manner: String

    /// Facts are compared, too.
    public static func == (one: Self, other: Self) -> Bool {
      (one.title, one.goal, one.never, one.manner) == (other.title, other.goal, other.never, other.manner)
        && one.facts.elementsEqual(other.facts) { $0 == $1 }
    }
  }

  /// Why an answer cannot be used.
  public struct Fault: Error, Sendable, CustomStringConvertible {
    /// In a few words.
    public var description: String
  }

  /// How callers talk; the first caller has the first, and so on.
  public static let manners = [
    "Polite and brief.", "In a hurry, and a little impatient.", "Talks a lot and comes to the point late.",
    "Unsure, and asks what is possible before deciding.", "Elderly, and asks to have things explained.",
    "Wary, and wants to know why something is asked.", "Cheerful and chatty.", "Annoyed because of an earlier call.",
    "Changes their mind once.", "Speaks little English, in short simple sentences.",
  ]
  /// Callers that are invented in one go.
  public static let callersMax = 100
  /// What each text of an answer may have, in characters.
  private static let textMax = 200

  private let graph: FlowGraph

  /// - Parameter flow: who is called.
  public init(of flow: Flow) { graph = FlowGraph(flow) }

  /// How the caller with this number, from 1, talks.
  public static func manner(of number: Int) -> String { manners[(number - 1) % manners.count] }

  /// - Parameters:
  ///   - number: of the caller, from 1.
  ///   - others: invented before.
  ///   - fault: of the answer before; `nil`: this is the first question for this caller.
  public func question(_ number: Int, others: [Caller], after fault: Fault?) -> ModelRequest {
    var wish = "Invent caller \(number). How the caller talks: \(Self.manner(of: number))"
    if !others.isEmpty {
      wish +=
        "\nThese there are already; want something else:\n" + others.map { "- \($0.goal)" }.joined(separator: "\n")
    }
    if let fault { wish += "\nYour last answer could not be used: \(fault.description)" }
    var request = ModelRequest([.system(instructions), .user(wish)])
    request.answerForm = ModelAnswerForm(name: "caller", schema: Self.schema)
    request.temperatureHundredths = 100
    request.tokensMax = 500
    return request
  }

  private var instructions: String {
    """
    You invent people who call a telephone agent, to test it. The agent is described here; a caller may want anything that such people want, \
    also what the agent cannot do.
    The agent: \(graph.title). \(graph.description)
    What it does, step by step:
    \(graph.states.map { "- \($0.name) (\($0.kind)): \($0.text)" }.joined(separator: "\n"))
    Answer with a JSON object: title (a few words), goal (what the caller wants, one or two sentences, with the days and times in it), facts (what \
    the caller knows and may be asked for, such as a name or a number: a list of {id, value}; ids are short lower-case words, values are what is \
    said), never (words of offers that the caller refuses, such as a day; may be empty).
    """
  }

  private static let schema: String = {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", "object")
      writer.object("properties") { writer in
        writer.object("title") { $0.field("type", "string") }
        writer.object("goal") { $0.field("type", "string") }
        writer.object("facts") { writer in
          writer.field("type", "array")
          writer.object("items") { writer in
            writer.field("type", "object")
            writer.object("properties") { writer in
              writer.object("id") { $0.field("type", "string") }
              writer.object("value") { $0.field("type", "string") }
            }
            writer.list("required", ["id", "value"])
            writer.field("additionalProperties", false)
          }
        }
        writer.object("never") { writer in
          writer.field("type", "array")
          writer.object("items") { $0.field("type", "string") }
        }
      }
      writer.list("required", ["title", "goal", "facts", "never"])
      writer.field("additionalProperties", false)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }()

  // MARK: - Answers

  /// - Parameters:
  ///   - answer: text of a model.
  ///   - number: of the caller, from 1.
  /// - Throws: what is wrong with it, the reader of test cases included.
  public func caller(_ answer: String, _ number: Int) throws(Fault) -> Caller {
    let value: JSONValue
    do throws(ModelJSONFault) { value = try JSONValue(inWords: answer) } catch {
      switch error {
      case .noObject: throw Fault(description: "it is no JSON object")
      case .notJSON(let fault): throw Fault(description: "it is no JSON: \(fault)")
      }
    }
    var caller = Caller(title: "", goal: "", facts: [], never: [], manner: Self.manner(of: number))
    do throws(WireFault) {
      let fields = try JSONFields(value, place: "answer")
      caller.title = try fields.text("title", 1...Self.textMax).trimming(\.isWhitespace)
      caller.goal = try fields.text("goal", 1...CaseLimits.textMax).trimming(\.isWhitespace)
      caller.facts = try fields.list("facts") { fields throws(WireFault) in
        (try fields.text("id", 1...FlowLimits.nameMax), try fields.text("value", 1...Self.textMax))
      }
      caller.never = fields["never"] == nil ? [] : try fields.textList("never")
    } catch {
      throw Fault(description: error.message)
    }
    let read = TestCaseFileReader.read(file(of: [caller]), file: "answer.yaml") { _ in false }
    if case .failure(let faults) = read { throw Fault(description: "\(faults)") }
    return caller
  }

  /// A file of test cases.
  public func file(of callers: [Caller]) -> String {
    var lines = [
      "# Callers of the flow \(graph.name), invented by a language model. Keep them with their recordings, and they are replayed.",
      "defaults:", "  flow: \(graph.name)", "  tags: [explored]", "cases:",
    ]
    for (index, caller) in callers.enumerated() {
      lines += ["  - id: explored-\(index + 1)", "    title: \(Self.quoted(caller.title))", "    caller:"]
      lines += ["      goal: \(Self.quoted(caller.goal))", "      manner: \(Self.quoted(caller.manner))"]
      if !caller.facts.isEmpty { lines.append("      facts:") }
      lines += caller.facts.map { "        \(Self.quoted($0.id)): \(Self.quoted($0.value))" }
      guard !caller.never.isEmpty else { continue }
      lines.append("      rules: {never: [\(caller.never.map(Self.quoted).joined(separator: ", "))]}")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A text as YAML and JSON take it.
  private static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    writer.value(text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
