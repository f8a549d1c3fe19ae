public import CallCore

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

  private static let keys = ["url", "parameters", "from", "to", "signing-token", "agent-pause", "rewrite"]

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
    target.tokenVariable = tokenVariable(reader)
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

  /// The token is a secret: it is taken from the environment only, and what stands here in its place is not repeated.
  private func tokenVariable(_ reader: FieldReader<TargetParseContext>) -> String? {
    guard let field = reader.field("signing-token") else { return nil }
    guard case .text(let text) = field.value.content,
      let match = text.wholeMatch(of: /\$\{([A-Za-z_][A-Za-z0-9_]{0,127})\}/)
    else {
      context.log.add(
        .wrongType, at: field.value.place,
        "`signing-token` of \(reader.owner) must name a variable of the environment, such as ${TWILIO_AUTH_TOKEN}: a token does not belong in a file"
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
