import CallCore
import JSON

/// The client's tools: as it names them, and as a language model is told of them.
struct RealtimeTools: Equatable {
  /// Most tools of a session; OpenAI's limit.
  static let countMax = 128
  /// Longest description of one.
  private static let aboutBytesMax = 16_384

  /// As the client wrote them, to be shown again.
  private(set) var written: [JSONValue] = []
  /// As a model is told of them.
  private(set) var tools: [ModelTool] = []

  /// None.
  init() {}

  /// - Parameter fields: that have `tools`.
  /// - Throws: which of them is wrong.
  init(_ fields: RealtimeFields) throws(RealtimeFault) {
    guard let value = fields["tools"] else { return }
    guard case .array(let list) = value else { throw fields.wrongType("tools", "a list", value) }
    guard list.count <= Self.countMax else {
      throw fields.outOfRange("tools", "at most \(Self.countMax) tools", .integer(Int64(list.count)))
    }
    for (index, value) in list.enumerated() {
      let place = fields.path("tools[\(index)]")
      let tool = try RealtimeFields(value, place: place)
      guard try tool.text("type") == "function" else {
        throw RealtimeFault(
          .invalidValue, "\(place).type: expected function: there are no tools of this server", param: "\(place).type")
      }
      let name = try tool.text("name", bytesMax: 64)
      guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte), !tools.contains(where: { $0.name == name }) else {
        throw tool.outOfRange("name", "1 to 64 letters, digits, _ and -, not twice the same", .string(name))
      }
      let parameters = tool["parameters"] ?? .object(["type": .string("object"), "properties": .object([:])])
      guard case .object = parameters else { throw tool.wrongType("parameters", "an object", parameters) }
      var writer = JSONWriter()
      writer.value(parameters)
      written.append(value)
      tools.append(
        ModelTool(
          name: name, about: try tool.optionalText("description", bytesMax: Self.aboutBytesMax) ?? "",
          parameters: String(decoding: writer.bytes, as: UTF8.self)))
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// Whether the model may, must or must not call tools, and which.
  /// - Throws: when it names none of `tools`, which may be `nil` where nobody knows them yet.
  static func choice(_ fields: RealtimeFields) throws(RealtimeFault) -> ModelToolChoice? {
    switch fields["tool_choice"] {
    case nil: return nil
    case .string("auto"): return .automatic
    case .string("none"): return ModelToolChoice.none
    case .string("required"): return .required
    case .object:
      guard let choice = try fields.object("tool_choice") else { return nil }
      return .named(try choice.text("name", bytesMax: 64))
    case let value?: throw fields.outOfRange("tool_choice", "auto, none, required or a function by its name", value)
    }
  }

  /// A choice as it is shown.
  static func write(_ choice: ModelToolChoice, to writer: inout JSONWriter) {
    switch choice {
    case .automatic: writer.field("tool_choice", "auto")
    case .none: writer.field("tool_choice", "none")
    case .required: writer.field("tool_choice", "required")
    case .named(let name):
      writer.object("tool_choice") { writer in
        writer.field("type", "function")
        writer.field("name", name)
      }
    }
  }
}
