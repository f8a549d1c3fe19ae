import CallCore

/// What is noted while a flow file is read, for the checks that need all of it.
final class FlowParseContext: FileParseContext {
  /// A state that is named as a target.
  struct Target {
    var name: String
    var place: FilePlace
  }

  /// A text, and the variables that only it may name.
  struct Text {
    var text: FlowText
    var place: FilePlace
    var isSpoken: Bool
    var builtins: Set<String>
  }

  let log: FileFaultLog
  /// Where each state's name stands.
  var states: [String: FilePlace] = [:]
  /// A state, or a way from one, could not be read: whatever that makes unreachable or endless is not reported again.
  var isTorn = false
  var targets: [Target] = []
  var texts: [Text] = []
  /// States whose request a language model may make.
  var calls: [Target] = []
  /// Flows that are transferred to.
  var flows: [Target] = []
  /// Variables that are looked at outside texts.
  var lookups: [Target] = []
  /// Everything that gets a value somewhere.
  var variables: Set<String> = FlowParseContext.builtins
  /// The intents of the file that states may name, before their consequence is known.
  var vocabulary: [String: IntentSound] = [:]
  var usedVocabulary: Set<String> = []
  /// What the file says of the end of turns, for states that say nothing.
  var endOfTurn: EndOfTurnRule?
  var endOfTurnSilence: CallDuration?
  /// Expressions so far, and the instructions of them all.
  var (expressions, expressionSize) = (0, 0)

  /// Where the sentences stand that intents are known by in meaning.
  var examples: [FilePlace] = []

  /// Known in every flow without being declared.
  static let builtins: Set<String> = ["today", "now", "reference", "heard", "flow", "state"]
  /// Given a value by the product only.
  static let reserved: Set<String> = ["reference", "heard", "flow", "state", "prompt"]

  init(log: FileFaultLog) { self.log = log }
}

extension FieldReader<FlowParseContext> {
  /// Puts on record that no way leads on because `key` is missing.
  func reportMissingNext(_ key: String, _ advice: String) {
    context.isTorn = true
    context.log.add(.deadEnd, at: place, "\(owner) has no `\(key)`: \(advice)")
  }

  /// A text with variables.
  func template(_ key: String, isSpoken: Bool = true, max: Int = FlowLimits.textMax) -> FlowText? {
    reader(of: key).flatMap { $0.reader.template($0.node, isSpoken: isSpoken, max: max) }
  }

  /// A text with variables or a list of such.
  func templates(_ key: String, builtins: Set<String> = []) -> [FlowText] {
    reader(of: key).map { $0.reader.templates($0.node, builtins: builtins) } ?? []
  }

  /// The name of a state, put down for the check that there is one.
  func target(_ key: String) -> String? {
    guard let field = field(key), let name = text(key) else { return nil }
    context.targets.append(.init(name: name, place: field.value.place))
    return name
  }

  /// A target that must be there: without it there is no way on.
  func requiredTarget(_ key: String) -> String {
    if !has(key) { reportMissingNext(key, "say which state comes after it") }
    return target(key) ?? ""
  }
}

extension NodeReader<FlowParseContext> {
  /// A text with variables, put down for the check of their names.
  func template(
    _ node: FileNode, isSpoken: Bool = true, max: Int = FlowLimits.textMax, builtins: Set<String> = []
  ) -> FlowText? {
    guard let text = spokenText(node, max: max) else { return nil }
    let template = FlowText(text.trimming(\.isWhitespace))
    context.texts.append(.init(text: template, place: node.place, isSpoken: isSpoken, builtins: builtins))
    if isSpoken, template.hasStrayBrace {
      let advice = "a variable is written {name} or {name | filter}; filters: \(FlowFilter.names)"
      context.log.add(.strayBrace, at: node.place, "\(what) has a brace that belongs to no variable; \(advice)")
    }
    return template
  }

  /// A text with variables or a list of such.
  func templates(_ node: FileNode, builtins: Set<String> = []) -> [FlowText] {
    items(of: node, max: FlowLimits.textsMax, "texts").compactMap { template($0, builtins: builtins) }
  }

  /// A phrase or `/expression/`, or a list of such.
  func patterns(_ node: FileNode) -> [UtterancePattern] {
    items(of: node, max: FlowLimits.patternsMax, "phrases").compactMap { item in
      guard let text = spokenText(item, max: FlowLimits.patternMax) else { return nil }
      guard text.count > 2, text.hasPrefix("/"), text.hasSuffix("/") else { return pattern(text, at: item.place) }
      return counted(at: item.place, size: \.size) { pattern(text, at: item.place) }
    }
  }

  /// A sentence that an intent is known by in meaning, or a list of such.
  func examples(_ node: FileNode) -> [String] {
    items(of: node, max: FlowLimits.patternsMax, "sentences").compactMap { item in
      guard let text = text(item, max: FlowLimits.patternMax)?.trimming(\.isWhitespace) else { return nil }
      guard text.contains(where: \.isLetter) else {
        context.log.add(.emptyText, at: item.place, "`\(text)` of \(what) has no word in it that could mean something")
        return nil
      }
      context.examples.append(item.place)
      if context.examples.count == FlowLimits.examplesMax + 1 {
        let limit = "more than \(FlowLimits.examplesMax) sentences under `like`"
        context.log.add(
          .outOfLimits, at: item.place, "the flow has \(limit): keep the most different, or split the flow")
      }
      return text
    }
  }

  private func pattern(_ text: String, at place: FilePlace) -> UtterancePattern? {
    do throws(ExpressionFault) {
      if let pattern = try UtterancePattern.read(text) { return pattern }
      context.log.add(.emptyText, at: place, "`\(text)` of \(what) has no word in it that a caller could say")
    } catch {
      context.log.add(.badExpression, at: place, "`\(text)` of \(what) \(error)")
    }
    return nil
  }

  /// Counts it, and puts the first one too many on record.
  /// - Parameter read: not called for those.
  func counted<Expression>(at place: FilePlace, size: (Expression) -> Int, _ read: () -> Expression?) -> Expression? {
    guard context.expressions <= FlowLimits.expressionsMax, context.expressionSize <= FlowLimits.expressionSizeMax
    else {
      return nil
    }
    context.expressions += 1
    let expression = context.expressions <= FlowLimits.expressionsMax ? read() : nil
    context.expressionSize += expression.map(size) ?? 0
    let advice = "write phrases, repeat less often with `{…}`, or move states to another flow"
    if context.expressions > FlowLimits.expressionsMax {
      let limit = "more than \(FlowLimits.expressionsMax) expressions"
      context.log.add(.outOfLimits, at: place, "the flow has \(limit): \(advice)")
    } else if context.expressionSize > FlowLimits.expressionSizeMax {
      context.log.add(.outOfLimits, at: place, "the expressions of the flow are too large together: \(advice)")
    }
    return expression
  }
}

extension FlowFilter {
  /// For people.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// What names of states, variables and intents may look like.
enum NameRule {
  /// Puts a bad name on record.
  static func check(_ name: String, at place: FilePlace, _ what: String, _ log: FileFaultLog) -> Bool {
    guard FlowText.isName(name), name.scalarCount <= FlowLimits.nameMax else {
      let rule = "letters, digits, - and _, beginning with a letter, at most \(FlowLimits.nameMax)"
      log.add(.badName, at: place, "`\(name)` cannot be the name of a \(what): \(rule)")
      return false
    }
    return true
  }

  /// The same for something that gets a value.
  static func checkVariable(_ name: String, at place: FilePlace, _ log: FileFaultLog) -> Bool {
    guard check(name, at: place, "variable", log) else { return false }
    guard !FlowParseContext.reserved.contains(name) else {
      log.add(.badName, at: place, "`\(name)` is given its value by VoiceForge: choose another name")
      return false
    }
    return true
  }
}
