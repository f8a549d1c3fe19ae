public import CallCore
import JSON

/// A bot that a file of targets describes.
public struct WrittenTarget: Sendable, Equatable {
  /// By which `--target` names it.
  public var name: String
  /// As `--target` takes it, with its wire: `twilio+ws://…`, `twilio+http://…`.
  public var url: String
  /// What the bot is told when its stream begins.
  public var parameters: [String: String] = [:]
  /// Who calls; `nil`: made up.
  public var from: String?
  /// Who is called; `nil`: made up.
  public var to: String?
  /// Silence that ends an utterance of the bot; `nil`: the usual one.
  public var agentPause: CallDuration?
  /// The variable of the environment that holds the token with which the provider signs. The token itself never stands in the file.
  public var tokenVariable: String?
  /// How an address of a TwiML document begins, and what stands there when it is called.
  public var rewrite: Rewrite?

  /// The variable of the environment that holds the key that goes along as a bearer token. The key itself never stands in the file.
  public var keyVariable: String?
  /// Realtime: what the agent is told to be; `nil`: the server knows.
  public var instructions: String?
  /// Realtime: who speaks first, in the words of the file; `nil`: the usual.
  public var greeting: String?
  /// Realtime: how audio travels, in the words of the file; `nil`: the usual.
  public var audio: String?
  /// Realtime: what the agent may call, by name.
  public var tools: [String: Tool] = [:]

  /// A tool, and what a call of it gives.
  public struct Tool: Sendable, Equatable {
    /// For the model; empty: none.
    public var description = ""
    /// JSON schema of the arguments, as JSON; empty: none.
    public var parameters = ""
    /// `nil`: an error.
    public var output: String?
  }

  /// One beginning for another.
  public struct Rewrite: Sendable, Equatable {
    /// Such as `wss://bot.example`.
    public var from: String
    /// Such as `ws://127.0.0.1:7860`.
    public var to: String
  }
}

/// Reads files of targets: names, each with what is known of a bot.
public enum TargetFile {
  /// Largest file: a thousand targets and more.
  public static let bytesMax = 262_144
  /// Parameters of one target at most.
  public static let parametersMax = 16
  /// Longest value of a parameter; Twilio takes 500 characters.
  public static let valueScalarsMax = 500
  /// Tools of one target at most.
  public static let toolsMax = 32
  /// Longest instructions; OpenAI takes about as many.
  public static let instructionScalarsMax = 65_536
  /// Longest description, schema or output of a tool.
  public static let toolScalarsMax = 16_384
  /// Longest address.
  static let urlScalarsMax = 2000

  /// - Parameters:
  ///   - file: its name, for faults.
  ///   - agentPauses: what `agent-pause` may be.
  /// - Returns: the targets in the order of the file, or all that is wrong, with lines.
  public static func read(
    _ text: String, file: String, agentPauses: ClosedRange<CallDuration>
  ) -> Result<[WrittenTarget], FileFaults> {
    let context = TargetParseContext(log: FileFaultLog(file: file))
    var targets: [WrittenTarget] = []
    if text.utf8.count > bytesMax {
      context.log.add(
        .outOfLimits, at: .start, "the file has \(text.utf8.count) bytes; at most \(bytesMax) are allowed")
    } else if let root = YAMLFile.root(of: text, into: context.log, needs: "a target needs a name and a `url`") {
      targets = TargetReader(context: context, agentPauses: agentPauses).targets(root)
    }
    return context.log.faults.isEmpty ? .success(targets) : .failure(FileFaults(context.log.faults))
  }
}

/// Where the faults of a file of targets are put on record.
final class TargetParseContext: FileParseContext {
  let log: FileFaultLog

  init(log: FileFaultLog) { self.log = log }
}

/// Reads the nodes of a file of targets.
struct TargetReader {
  let context: TargetParseContext
  let agentPauses: ClosedRange<CallDuration>

  private static let keys = [
    "url", "parameters", "from", "to", "signing-token", "agent-pause", "rewrite", "key", "instructions", "greeting",
    "audio", "tools",
  ]

  func targets(_ root: FileNode) -> [WrittenTarget] {
    guard case .mapping(let fields) = root.content else {
      context.log.add(
        .wrongType, at: root.place,
        "a file of targets must be a mapping (`name:` and below it `url: …`), not \(root.sort)")
      return []
    }
    return fields.compactMap(target)
  }

  private func target(_ field: FileField) -> WrittenTarget? {
    let owner = "target `\(field.key)`"
    guard field.key.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_\-]{0,63}/) != nil else {
      context.log.add(
        .badName, at: field.at,
        "a target's name is of letters, digits, - and _, at most 64, and begins with none of the last two")
      return nil
    }
    guard let reader = FieldReader(field.value, owner: owner, keys: Self.keys, context: context) else { return nil }
    guard reader.has("url") else {
      reader.reportMissing("url", "write its address, such as `url: twilio+ws://127.0.0.1:7860/ws`")
      return nil
    }
    var target = WrittenTarget(name: field.key, url: reader.text("url", max: TargetFile.urlScalarsMax) ?? "")
    target.parameters = parameters(reader)
    target.from = reader.text("from")
    target.to = reader.text("to")
    target.agentPause = reader.duration("agent-pause", agentPauses)
    target.tokenVariable = variable(reader, "signing-token", "TWILIO_AUTH_TOKEN")
    target.keyVariable = variable(reader, "key", "OPENAI_API_KEY")
    target.instructions = reader.text("instructions", max: TargetFile.instructionScalarsMax)
    target.greeting = word(reader, "greeting", of: ["auto", "ask", "none"])
    target.audio = word(reader, "audio", of: ["pcm", "pcmu", "pcma"])
    target.tools = tools(reader)
    target.rewrite = rewrite(reader)
    return target
  }

  private func parameters(_ reader: FieldReader<TargetParseContext>) -> [String: String] {
    guard let field = reader.field("parameters") else { return [:] }
    guard case .mapping(let fields) = field.value.content else {
      context.log.add(
        .wrongType, at: field.value.place,
        "`parameters` of \(reader.owner) must be a mapping (`name: value`), not \(field.value.sort)")
      return [:]
    }
    if fields.count > TargetFile.parametersMax {
      context.log.add(
        .outOfLimits, at: field.value.place,
        "`parameters` of \(reader.owner) has \(fields.count); at most \(TargetFile.parametersMax) are allowed")
    }
    var parameters: [String: String] = [:]
    for field in fields.prefix(TargetFile.parametersMax) {
      let reader = NodeReader(context: context, what: "parameter `\(field.key)` of \(reader.owner)")
      parameters[field.key] = reader.text(field.value, max: TargetFile.valueScalarsMax)
    }
    return parameters
  }

  private func word(_ reader: FieldReader<TargetParseContext>, _ key: String, of words: [String]) -> String? {
    guard let text = reader.text(key) else { return nil }
    guard words.contains(text) else {
      reader.report(.wrongType, key, "must be \(words.joined(separator: " or ")), not `\(text)`")
      return nil
    }
    return text
  }

  private func tools(_ reader: FieldReader<TargetParseContext>) -> [String: WrittenTarget.Tool] {
    let lines = reader.lines("tools", "name: {description: …, parameters: …, output: …}")
    if lines.count > TargetFile.toolsMax {
      reader.report(.outOfLimits, "tools", "has \(lines.count); at most \(TargetFile.toolsMax) are allowed")
    }
    var tools: [String: WrittenTarget.Tool] = [:]
    for line in lines.prefix(TargetFile.toolsMax) {
      let owner = "tool `\(line.key)` of \(reader.owner)"
      guard
        let fields = FieldReader(
          line.value, owner: owner, keys: ["description", "parameters", "output"], context: context)
      else { continue }
      var tool = WrittenTarget.Tool()
      tool.description = fields.text("description", max: TargetFile.toolScalarsMax) ?? ""
      tool.parameters = fields.text("parameters", max: TargetFile.toolScalarsMax) ?? ""
      tool.output = fields.text("output", max: TargetFile.toolScalarsMax)
      if !tool.parameters.isEmpty, !Self.isObject(tool.parameters) {
        fields.report(
          .wrongType, "parameters",
          "must be a JSON schema in quotes, such as '{\"type\": \"object\", \"properties\": {}}'")
      }
      tools[line.key] = tool
    }
    return tools
  }

  private static func isObject(_ text: String) -> Bool {
    do throws(JSONFault) {
      if case .object = try JSONValue(parsing: text) { return true } else { return false }
    } catch {
      return false
    }
  }

  /// A secret is taken from the environment only, and what stands here in its place is not repeated.
  private func variable(_ reader: FieldReader<TargetParseContext>, _ key: String, _ example: String) -> String? {
    guard let field = reader.field(key) else { return nil }
    guard case .text(let text) = field.value.content,
      let match = text.wholeMatch(of: /\$\{([A-Za-z_][A-Za-z0-9_]{0,127})\}/)
    else {
      context.log.add(
        .wrongType, at: field.value.place,
        "`\(key)` of \(reader.owner) must name a variable of the environment, such as ${\(example)}: a secret does not belong in a file"
      )
      return nil
    }
    return String(match.1)
  }

  private func rewrite(_ reader: FieldReader<TargetParseContext>) -> WrittenTarget.Rewrite? {
    guard let field = reader.field("rewrite"),
      let inner = FieldReader(
        field.value, owner: "`rewrite` of \(reader.owner)", keys: ["from", "to"], context: context)
    else { return nil }
    for key in ["from", "to"] where !inner.has(key) {
      inner.reportMissing(
        key, "write both, such as `rewrite: {from: \"wss://bot.example\", to: \"ws://127.0.0.1:7860\"}`")
    }
    guard let from = inner.text("from", max: TargetFile.urlScalarsMax),
      let to = inner.text("to", max: TargetFile.urlScalarsMax)
    else { return nil }
    return WrittenTarget.Rewrite(from: from, to: to)
  }
}
