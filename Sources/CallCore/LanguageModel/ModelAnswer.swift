package import JSON

/// A piece of a language model's answer, as it comes.
public enum ModelDelta: Sendable, Hashable {
  /// More words.
  case text(String)
  /// More of a call of a tool.
  case toolCall(ModelToolCallPiece)
  /// Why it ended.
  case finish(ModelFinish)
  /// What it cost.
  case usage(ModelUsage)

  /// Whether it is something that the model said or wants, and not news about that.
  public var isContent: Bool {
    switch self {
    case .text, .toolCall: true
    case .finish, .usage: false
    }
  }
}

/// A piece of a call of a tool.
public struct ModelToolCallPiece: Sendable, Hashable {
  /// Which call of this answer it belongs to, from 0.
  public var index: Int
  /// Stands in the first piece of a call.
  public var id: String?
  /// Stands in the first piece of a call.
  public var name: String?
  /// More of the arguments' JSON.
  public var arguments: String

  package init(index: Int, id: String? = nil, name: String? = nil, arguments: String) {
    (self.index, self.id, self.name, self.arguments) = (index, id, name, arguments)
  }
}

/// Why a language model's answer ended. The raw values are OpenAI's.
public enum ModelFinish: String, Sendable, Hashable, CaseIterable {
  /// All was said, or a text came at which it stops.
  case stop
  /// It has as many tokens as it may have.
  case length
  /// It wants tools called.
  case toolCalls = "tool_calls"
  /// Something was left out.
  case contentFilter = "content_filter"
}

/// What an answer cost, in tokens of the model.
public struct ModelUsage: Sendable, Hashable {
  /// Of the request.
  public var promptTokens: Int
  /// Of the answer.
  public var answerTokens: Int

  /// - Parameters:
  ///   - promptTokens: of the request.
  ///   - answerTokens: of the answer.
  public init(promptTokens: Int, answerTokens: Int) {
    (self.promptTokens, self.answerTokens) = (promptTokens, answerTokens)
  }
}

/// An answer of a language model as far as it came.
public struct ModelAnswer: Sendable, Hashable {
  /// Its words.
  public private(set) var text = ""
  /// What it wants called, in its order.
  public private(set) var toolCalls: [ModelToolCall] = []
  /// Why it ended; `nil` until then.
  public private(set) var finish: ModelFinish?
  /// What it cost, where the server says so.
  public private(set) var usage: ModelUsage?

  /// Nothing.
  public init() {}

  /// Adds the next piece; a piece of a call that did not begin is left out.
  public mutating func add(_ delta: ModelDelta) {
    switch delta {
    case .text(let more): text += more
    case .toolCall(let piece):
      if piece.index == toolCalls.count {
        toolCalls.append(ModelToolCall(id: piece.id ?? "", name: piece.name ?? "", arguments: ""))
      }
      guard toolCalls.indices.contains(piece.index) else { return }
      toolCalls[piece.index].arguments += piece.arguments
    case .finish(let reason): finish = reason
    case .usage(let tokens): usage = tokens
    }
  }

  /// What it wants called: its calls, or the one that is written as JSON in its text, as models do that were not made for tools, where that names
  /// one of `tools`.
  func wanted(of tools: [String]) -> [ModelToolCall] {
    guard toolCalls.isEmpty else { return toolCalls }
    guard let value = JSONValue.ofModel(text),
      let name = (value["name"] ?? value["tool"])?.text(at: ""), tools.contains(name)
    else { return [] }
    var writer = JSONWriter()
    writer.value(value["arguments"] ?? value["parameters"] ?? .object([:]))
    return [ModelToolCall(id: "", name: name, arguments: String(decoding: writer.bytes, as: UTF8.self))]
  }
}

extension ModelToolCall {
  /// The arguments' members as texts; `nil` when they are no JSON object. Members that are `null`, lists or objects are left out.
  var members: [String: String]? { Self.members(of: arguments) }

  /// The same of a text.
  static func members(of arguments: String) -> [String: String]? {
    guard case .object(let members)? = JSONValue.ofModel(arguments.isEmpty ? "{}" : arguments) else { return nil }
    return members.compactMapValues { $0.text(at: "") }
  }
}

/// Why there is no JSON object in what a model wrote.
package enum ModelJSONFault: Error {
  /// There are no braces.
  case noObject
  /// What is in them is wrong.
  case notJSON(JSONFault)
}

extension JSONValue {
  /// The object in what a model wrote: what stands before the first brace and behind the last, as a code fence does, is passed over.
  /// - Parameter nestingMax: most lists and objects within one another.
  package init(inWords text: String, nestingMax: Int = 8) throws(ModelJSONFault) {
    guard let first = text.firstIndex(of: "{"), let last = text.lastIndex(of: "}"), first < last else {
      throw .noObject
    }
    do throws(JSONFault) { self = try JSONValue(parsing: String(text[first...last]), nestingMax: nestingMax) } catch {
      throw .notJSON(error)
    }
  }

  /// `nil` when there is none, which is no fault of a model that speaks with people.
  fileprivate static func ofModel(_ text: String) -> JSONValue? {
    do throws(ModelJSONFault) { return try JSONValue(inWords: text) } catch { return nil }
  }
}
