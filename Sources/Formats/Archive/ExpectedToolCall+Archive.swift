import CallCore
import JSON

extension ExpectedToolCall {
  /// The members of its object.
  func write(to writer: inout JSONWriter) {
    writer.field("name", name)
    writer.field("arguments", .object(arguments.mapValues(\.json)))
  }

  /// - Parameter fields: as `write` wrote them.
  init(archived fields: JSONFields) throws(WireFault) {
    var arguments: [String: ExpectedArgument] = [:]
    if case .object(let members)? = fields["arguments"] { arguments = members.mapValues(ExpectedArgument.init(json:)) }
    self.init(try fields.text("name"), arguments)
  }
}

extension ExpectedArgument {
  /// Texts are texts, whatever they are compared with.
  fileprivate var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .nothing: .null
    case .list(let elements): .array(elements.map(\.json))
    case .members(let members): .object(members.mapValues(\.json))
    }
  }

  fileprivate init(json: JSONValue) {
    self =
      switch json {
      case .null: .nothing
      case .bool(let flag): .text("\(flag)")
      case .integer(let number): .text("\(number)")
      case .number(let number): .text("\(number)")
      case .string(let text): .text(text)
      case .array(let elements): .list(elements.map(ExpectedArgument.init(json:)))
      case .object(let members): .members(members.mapValues(ExpectedArgument.init(json:)))
      }
  }
}
