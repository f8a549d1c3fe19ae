import CallCore

/// Reads what all states that wait for the caller have in common.
struct QuestionReader {
  let context: FlowParseContext
  let defaults: QuestionDefaults

  /// The keys of such a state, besides the one with the prompt.
  static let keys = [
    "interruptible", "intents", "no-input", "no-match", "else", "no-input-after", "end-of-turn-silence",
    "end-of-turn", "interrupt",
  ]

  /// - Parameters:
  ///   - promptKey: `listen` or `ask`.
  ///   - endsByMeaning: whether its turns may be over before their silence.
  func read(
    _ fields: FieldReader<FlowParseContext>, promptKey: String, endsByMeaning: Bool = true
  ) -> FlowQuestion {
    let otherwise = fields.target("else")
    var listening = ListenOptions()
    listening.noInputAfter =
      fields.duration("no-input-after", FlowLimits.noInputAfter) ?? defaults.noInputAfter ?? listening.noInputAfter
    listening.endOfTurnSilence = fields.duration("end-of-turn-silence", FlowLimits.endOfTurnSilence)
    listening.endOfTurn = fields.choice("end-of-turn", of: EndOfTurnRule.self)
    listening.interrupt = fields.choice("interrupt", of: InterruptRule.self)
    let isOwnRule = listening.endOfTurn != nil || listening.endOfTurnSilence != nil
    if isOwnRule, endsByMeaning, (listening.endOfTurn ?? context.endOfTurn) == .meaning {
      fields.checkJudgedSilence(listening.endOfTurnSilence ?? context.endOfTurnSilence)
    }
    return FlowQuestion(
      fields.templates(promptKey), interruptible: fields.flag("interruptible") ?? defaults.interruptible ?? true,
      intents: fields.field("intents").map {
        IntentReader(context: context).intents($0.value, owner: fields.owner)
      } ?? [],
      noInput: askAgain("no-input", fields).rule(otherwise: otherwise, over: defaults.noInput, defaults.otherwise),
      noMatch: askAgain("no-match", fields).rule(otherwise: otherwise, over: defaults.noMatch, defaults.otherwise),
      listening: listening)
  }

  /// The section `defaults` of the file.
  static func defaults(_ node: FileNode, context: FlowParseContext) -> QuestionDefaults {
    let keys = ["no-input", "no-match", "else", "no-input-after", "interruptible"]
    guard let fields = FieldReader(node, owner: "`defaults`", keys: keys, context: context) else {
      return QuestionDefaults()
    }
    let reader = QuestionReader(context: context, defaults: QuestionDefaults())
    return QuestionDefaults(
      noInput: reader.askAgain("no-input", fields), noMatch: reader.askAgain("no-match", fields),
      otherwise: fields.target("else"), noInputAfter: fields.duration("no-input-after", FlowLimits.noInputAfter),
      interruptible: fields.flag("interruptible"))
  }

  /// A text, a list of texts, `{say:, times:, next:}` or `{ignore: true}`.
  private func askAgain(_ key: String, _ fields: FieldReader<FlowParseContext>) -> WrittenAskAgain {
    guard let field = fields.field(key) else { return WrittenAskAgain() }
    guard case .mapping = field.value.content else {
      return WrittenAskAgain(texts: fields.templates(key, builtins: ["prompt"]))
    }
    let owner = "`\(key)` of \(fields.owner)"
    guard let inner = FieldReader(field.value, owner: owner, keys: Self.askAgainKeys, context: context) else {
      return WrittenAskAgain()
    }
    let isIgnored = inner.flag("ignore")
    if isIgnored == true, let other = Self.askAgainKeys.dropLast().first(where: inner.has) {
      inner.report(.contradiction, other, "is of no use: what is ignored is not answered; leave one of the two out")
    }
    return WrittenAskAgain(
      texts: inner.templates("say", builtins: ["prompt"]), times: inner.integer("times", 0...FlowLimits.askAgainMax),
      next: inner.target("next"), isIgnored: isIgnored)
  }

  private static let askAgainKeys = ["say", "times", "next", "ignore"]
}

extension FieldReader<FlowParseContext> {
  /// Where turns end by their meaning, silence must leave time for that.
  func checkJudgedSilence(_ silence: CallDuration?) {
    let least = TurnLimits.judgedSilenceMin
    guard let silence, silence < least else { return }
    let advice = "make it \(least.milliseconds)ms or more, or write `end-of-turn: silence`"
    let key = has("end-of-turn-silence") ? "end-of-turn-silence" : "end-of-turn"
    report(
      .contradiction, key,
      "comes to nothing: silence of \(silence.milliseconds) ms ends each turn before its meaning is known; \(advice)")
  }
}

/// What a file says for all its questions at once.
struct QuestionDefaults {
  var noInput = WrittenAskAgain()
  var noMatch = WrittenAskAgain()
  var otherwise: String?
  var noInputAfter: CallDuration?
  var interruptible: Bool?
}

/// What a state, or the file, says of asking again; the rest comes from elsewhere.
struct WrittenAskAgain {
  var texts: [FlowText] = []
  var times: Int?
  var next: String?
  var isIgnored: Bool?

  /// Whether anything is written.
  private var isEmpty: Bool { texts.isEmpty && times == nil && next == nil }

  /// - Parameters:
  ///   - otherwise: the state's `else`.
  ///   - defaults: what the file says of this case.
  ///   - otherwiseByDefault: the file's `else`.
  func rule(
    otherwise: String?, over defaults: WrittenAskAgain, _ otherwiseByDefault: String?
  ) -> AskAgain {
    if isIgnored ?? (isEmpty && defaults.isIgnored == true) { return .ignored }
    let texts = texts.isEmpty ? defaults.texts : texts
    // Whoever writes four texts wants them to be heard.
    let times = times ?? defaults.times ?? max(AskAgain.timesDefault, min(texts.count, FlowLimits.askAgainMax))
    return AskAgain(texts, times: times, next: next ?? otherwise ?? defaults.next ?? otherwiseByDefault)
  }
}
