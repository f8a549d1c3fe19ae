import CallCore

/// Reads a state that calls a tool.
struct ToolReader {
  let context: FlowParseContext

  /// The keys of such a state.
  static let keys = ["tool", "headers", "body", "timeout", "retries", "save", "say", "next", "failed", "timed-out"]
  private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

  func read(_ fields: FieldReader<FlowParseContext>) -> ToolState? {
    let next = fields.requiredTarget("next")
    return request(fields).map { method, url in
      ToolState(
        method: method, url: url, headers: AssignmentReader(context: context).headers(fields, "headers"),
        body: fields.template("body", isSpoken: false, max: FlowLimits.requestTextMax), saves: saves(fields),
        says: fields.speech("say"),
        timeout: fields.duration("timeout", FlowLimits.timeout) ?? ToolState.timeoutDefault,
        retries: fields.integer("retries", 0...FlowLimits.retriesMax) ?? 0, next: next,
        failed: fields.target("failed"), timedOut: fields.target("timed-out"))
    }
  }

  /// `GET http://…`, or only the address, which then is a GET.
  private func request(_ fields: FieldReader<FlowParseContext>) -> (method: String, url: FlowText)? {
    guard let text = fields.template("tool", isSpoken: false, max: FlowLimits.requestTextMax) else { return nil }
    let pieces = text.source.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
    let method = pieces.count == 2 ? pieces[0].uppercased() : "GET"
    let url = pieces[pieces.count - 1]
    guard ToolReader.methods.contains(method) else {
      let advice = "one of \(ToolReader.methods.joined(separator: ", "))"
      fields.report(.wrongType, "tool", "has no method `\(pieces[0])`: \(advice)")
      return nil
    }
    guard url.hasPrefix("http://") || url.hasPrefix("https://") || url.hasPrefix("{") else {
      fields.report(
        .wrongType, "tool", "must be `METHOD http://…`, or begin with a variable that holds such an address")
      return nil
    }
    return (method, FlowText(url))
  }

  /// `variable: path` lines.
  private func saves(_ fields: FieldReader<FlowParseContext>) -> [ToolSave] {
    fields.lines("save", "variable: path").prefix(FlowLimits.variablesMax).compactMap { entry in
      let reader = NodeReader(context: context, what: "`\(entry.key)` of `save` of \(fields.owner)")
      guard NameRule.checkVariable(entry.key, at: entry.at, context.log),
        let path = reader.text(entry.value, max: FlowLimits.patternMax)
      else { return nil }
      context.variables.insert(entry.key)
      return ToolSave(entry.key, path: path)
    }
  }
}

/// Reads `name: text` mappings.
struct AssignmentReader {
  let context: FlowParseContext

  /// Values for variables, which are known from then on.
  func assignments(_ fields: FieldReader<FlowParseContext>, _ key: String, isSpoken: Bool) -> [FlowAssignment] {
    pairs(fields, key, isSpoken: isSpoken).filter { pair, place in
      guard NameRule.checkVariable(pair.name, at: place, context.log) else { return false }
      context.variables.insert(pair.name)
      return true
    }.map(\.0)
  }

  /// Headers of a request.
  func headers(_ fields: FieldReader<FlowParseContext>, _ key: String) -> [FlowAssignment] {
    pairs(fields, key, isSpoken: false).filter { pair, place in
      let isToken = pair.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
      if !isToken { context.log.add(.badName, at: place, "`\(pair.name)` cannot be the name of a header") }
      return isToken
    }.map(\.0)
  }

  private func pairs(_ fields: FieldReader<FlowParseContext>, _ key: String, isSpoken: Bool) -> [(
    FlowAssignment, FilePlace
  )] {
    fields.lines(key, "name: text").prefix(FlowLimits.variablesMax).compactMap { entry in
      let reader = NodeReader(context: context, what: "`\(entry.key)` of `\(key)` of \(fields.owner)")
      guard let text = reader.template(entry.value, isSpoken: isSpoken, max: FlowLimits.requestTextMax) else {
        return nil
      }
      return (FlowAssignment(name: entry.key, value: text), entry.at)
    }
  }
}
