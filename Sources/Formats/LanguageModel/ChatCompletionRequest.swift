import JSON

/// What a client sends to `POST /v1/chat/completions`: looked at as far as it concerns this server, and passed on otherwise as it is, to the
/// byte. Models answer in the order of a schema's members, so that not even these may change.
public struct ChatCompletionRequest: Sendable {
  /// Largest body: a few hundred pages of text.
  public static let bytesMax = 1 << 20
  /// Lists and objects within one another: schemas of tools go deep.
  private static let nestingMax = 64

  /// Whether the answer comes as events, piece by piece.
  public let isStreamed: Bool
  /// Whether the client wants an event at the end that says how many tokens were used.
  public let wantsUsage: Bool
  /// What is passed on as it came, with commas between.
  private let members: [UInt8]
  /// The members of `stream_options` that are passed on, likewise.
  private let streamOptions: [UInt8]

  /// - Parameter body: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing body: [UInt8]) throws(OpenAIFault) {
    guard body.count <= Self.bytesMax else {
      throw OpenAIFault(413, "expected at most \(Self.bytesMax) bytes, got \(body.count)", code: "too_large")
    }
    let value: JSONValue
    do throws(JSONFault) { value = try JSONValue(parsing: body, nestingMax: Self.nestingMax) } catch {
      throw OpenAIFault(400, "the body is not JSON: \(error)")
    }
    guard case .object = value else {
      throw OpenAIFault(400, "the body: expected an object with messages, got \(value.summary)")
    }
    try Self.checkMessages(value)
    if let model = value["model"] {
      guard case .string = model else { throw Self.fault("model", "a text", model) }
    }
    // Each of several answers costs tokens, and few servers give them.
    if let count = value["n"], count.wholeNumber != 1 { throw Self.fault("n", "1, for one answer is given", count) }
    isStreamed = try Self.flag("stream", in: value) ?? false
    var wantsUsage = false
    if let options = value["stream_options"] {
      guard case .object = options else { throw Self.fault("stream_options", "an object", options) }
      wantsUsage = try Self.flag("include_usage", in: options) ?? false
    }
    self.wantsUsage = wantsUsage
    let ours: Set<String> = isStreamed ? ["model", "stream", "stream_options"] : ["model", "stream"]
    let written = WrittenMembers.split(body[...])
    members = Self.joined(written.filter { !ours.contains($0.name) })
    let writtenOptions = isStreamed ? written.first { $0.name == "stream_options" } : nil
    streamOptions = Self.joined(
      writtenOptions.map { WrittenMembers.split($0.value) }?.filter { $0.name != "include_usage" } ?? [])
  }

  /// What the language model's server is sent. A stream is always asked for what it cost.
  /// - Parameter model: in place of the client's.
  public func body(model: String) -> [UInt8] {
    var name = JSONWriter()
    name.value(model)
    var text = Array(#"{"model":"#.utf8) + name.bytes
    if !members.isEmpty { text += [UInt8(ascii: ",")] + members }
    guard isStreamed else { return text + Array(#","stream":false}"#.utf8) }
    text += Array(#","stream":true,"stream_options":{"include_usage":true"#.utf8)
    if !streamOptions.isEmpty { text += [UInt8(ascii: ",")] + streamOptions }
    return text + Array("}}".utf8)
  }

  private static func checkMessages(_ body: JSONValue) throws(OpenAIFault) {
    guard let messages = body["messages"] else {
      throw OpenAIFault(400, "messages: expected a list of messages, got nothing", parameter: "messages")
    }
    guard case .array(let list) = messages, !list.isEmpty else {
      throw fault("messages", "a list of messages", messages)
    }
    for (index, message) in list.enumerated() {
      guard case .object = message else { throw fault("messages[\(index)]", "an object", message) }
    }
  }

  private static func flag(_ name: String, in value: JSONValue) throws(OpenAIFault) -> Bool? {
    guard let member = value[name] else { return nil }
    guard case .bool(let flag) = member else { throw fault(name, "true or false", member) }
    return flag
  }

  private static func fault(_ name: String, _ expected: String, _ value: JSONValue) -> OpenAIFault {
    OpenAIFault(400, "\(name): expected \(expected), got \(value.summary)", parameter: name)
  }

  private static func joined(_ members: [WrittenMembers.Member]) -> [UInt8] {
    Array(members.map(\.whole).joined(separator: [UInt8(ascii: ",")]))
  }
}
