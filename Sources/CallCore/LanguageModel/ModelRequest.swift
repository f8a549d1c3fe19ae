/// What a language model is asked: the conversation so far, and what it may answer with.
public struct ModelRequest: Sendable, Hashable {
  /// The conversation, the oldest first.
  public var messages: [ModelMessage]
  /// What it may call.
  public var tools: [ModelTool] = []
  /// Whether it may, must or must not call one of them.
  public var toolChoice = ModelToolChoice.automatic
  /// The form that its answer must have; `nil`: words.
  public var answerForm: ModelAnswerForm?
  /// How freely it picks words, in hundredths, 0 to 200; `nil`: as the server likes.
  public var temperatureHundredths: Int?
  /// Which share of the likely words it picks from, in hundredths, 1 to 100; `nil`: as the server likes.
  public var topPHundredths: Int?
  /// Begins its sequence of drawn numbers, where the server has one. No promise: the same seed may bring other words.
  public var seed: Int?
  /// Most tokens that it answers with; `nil`: as the server likes.
  public var tokensMax: Int?
  /// Texts at which it stops; OpenAI takes four.
  public var stop: [String] = []
  /// The trace that it is asked in, for the header of that name. No part of the question: it is not recorded.
  public var traceparent: String?

  /// A request for words.
  public init(_ messages: [ModelMessage]) { self.messages = messages }
}

/// One message of a conversation with a language model.
public enum ModelMessage: Sendable, Hashable {
  /// What it is told to be and to do.
  case system(String)
  /// What the other side said.
  case user(String)
  /// What it said itself, and what it called.
  case assistant(String, calls: [ModelToolCall])
  /// What came of a call of its.
  case toolResult(id: String, String)
}

/// A tool that a language model may call.
public struct ModelTool: Sendable, Hashable {
  /// 1 to 64 letters, digits, `_` and `-`.
  public var name: String
  /// What it is for, in words for the model.
  public var about: String
  /// The JSON schema of its arguments, as JSON.
  public var parameters: String

  /// - Parameters:
  ///   - name: 1 to 64 letters, digits, `_` and `-`.
  ///   - about: what it is for, in words for the model.
  ///   - parameters: the JSON schema of its arguments, as JSON.
  public init(name: String, about: String, parameters: String) {
    (self.name, self.about, self.parameters) = (name, about, parameters)
  }
}

/// Whether a language model may call tools.
public enum ModelToolChoice: Sendable, Hashable {
  /// As it likes.
  case automatic
  /// It must not.
  case none
  /// It must call one. Not every server sees to it.
  case required
  /// It must call this one. Not every server sees to it.
  case named(String)
}

/// The form that an answer must have.
public struct ModelAnswerForm: Sendable, Hashable {
  /// 1 to 64 letters, digits, `_` and `-`.
  public var name: String
  /// Its JSON schema, as JSON.
  public var schema: String

  /// - Parameters:
  ///   - name: 1 to 64 letters, digits, `_` and `-`.
  ///   - schema: a JSON schema, as JSON.
  public init(name: String, schema: String) { (self.name, self.schema) = (name, schema) }
}

/// A call of a tool that a language model wants.
public struct ModelToolCall: Sendable, Hashable {
  /// Names it in the message of its result.
  public var id: String
  /// Of the tool; nobody has looked whether there is one.
  public var name: String
  /// JSON as the model wrote it; nobody has looked whether it is any.
  public var arguments: String

  /// - Parameter arguments: JSON.
  public init(id: String, name: String, arguments: String) {
    (self.id, self.name, self.arguments) = (id, name, arguments)
  }
}
