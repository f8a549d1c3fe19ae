/// What a language model wants of a tool, or what came of that, as people may know it.
public struct ModelToolUse: Sendable, Hashable {
  /// The call in the model's conversation; what comes of it has the same.
  public var call: String
  /// Of the tool.
  public var name: String
  /// See `ToolCallEntry.arguments`.
  public var arguments: [String: String]
  /// How far it is.
  public var state: ToolCallEntry.State
  /// See `ToolCallEntry.detail`.
  public var detail: String

  /// Most arguments of one call that are shown.
  private static let argumentsMax = 20
  /// Most scalars of what came of it.
  private static let detailMax = 200

  /// - Parameter known: the arguments that the tool has; others are left out. `nil`: all that the model wrote.
  init(_ call: ModelToolCall, known: [String]?, state: ToolCallEntry.State = .called, detail: String = "") {
    self.call = call.id
    name = Self.bounded(call.name, to: ToolCallEntry.nameMax)
    let members = call.members ?? [:]
    let names = (known ?? members.keys.sorted()).prefix(Self.argumentsMax)
    arguments = Dictionary(
      names.compactMap { name in
        members[name].map { (Self.bounded(name, to: ToolCallEntry.nameMax), Self.shown($0, of: name)) }
      },
      uniquingKeysWith: { first, _ in first })
    self.state = state
    self.detail = Self.bounded(detail, to: Self.detailMax)
  }

  private static func shown(_ value: String, of name: String) -> String {
    SecretName.isSecret(name) ? SecretName.mask : bounded(value, to: ToolCallEntry.valueMax)
  }

  /// In one line: a model may write anything, also what no database keeps.
  private static func bounded(_ text: String, to count: Int) -> String {
    text.bounded(to: count).unicodeScalars.reduce(into: "") { line, scalar in
      line.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
    }
  }
}
