/// A call of a tool that is expected of an agent.
public struct ExpectedToolCall: Sendable, Equatable {
  /// Name of the tool.
  public var name: String
  /// Members that the call's arguments must have; what is not named here may be anything.
  public var arguments: [String: ExpectedArgument]

  package init(_ name: String, _ arguments: [String: ExpectedArgument] = [:]) {
    (self.name, self.arguments) = (name, arguments)
  }
}

/// What an argument of a tool's call must be.
public indirect enum ExpectedArgument: Sendable, Equatable {
  /// A text, a number, true or false, written like this.
  case text(String)
  /// Null, or not there.
  case nothing
  /// A list of as many elements, each like this.
  case list([ExpectedArgument])
  /// An object that has these members, and perhaps more.
  case members([String: ExpectedArgument])
}

extension ExpectedToolCall: CustomStringConvertible {
  /// `book(day: Tuesday, party: 4)`; the name alone where no argument is named.
  public var description: String { arguments.isEmpty ? name : "\(name)(\(ExpectedArgument.text(of: arguments)))" }
}

extension ExpectedArgument: CustomStringConvertible {
  /// As in a file of cases.
  public var description: String {
    switch self {
    case .text(let text): text
    case .nothing: "null"
    case .list(let elements): "[\(elements.map(\.description).joined(separator: ", "))]"
    case .members(let members): "{\(Self.text(of: members))}"
    }
  }

  fileprivate static func text(of members: [String: ExpectedArgument]) -> String {
    members.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: ", ")
  }
}
