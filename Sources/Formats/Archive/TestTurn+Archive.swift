import CallCore
import JSON

extension TestTurn: Archived {
  static let blank = TestTurn(number: 0, action: .hangUp)
  static var members: [ArchiveMember<TestTurn>] {
    [
      .number("number", \.number),
      ArchiveMember(\.cue) { writer, cue in
        switch cue {
        case .whenAsked: break
        case .overAgent(let after): writer.field("overAgentAfterUs", after.microseconds)
        case .atPhrase(let phrase): writer.field("atPhrase", phrase)
        }
      } read: { fields, _ throws(WireFault) in
        if let phrase = try fields.optionalText("atPhrase") { return .atPhrase(phrase) }
        return try fields.optionalSpan("overAgentAfterUs").map { .overAgent(after: $0) } ?? .whenAsked
      },
      ArchiveMember(\.action) {
        $0.object("deed", $1.write)
      } read: { fields, _ throws(WireFault) in
        try CallerAction(archived: try fields.object("deed"))
      },
      ArchiveMember(\.againWhen) { writer, phrases in
        if !phrases.isEmpty { writer.list("againWhen", phrases) }
      } read: { fields, blank throws(WireFault) in
        try fields["againWhen"] == nil ? blank : fields.textList("againWhen")
      },
      .list("expectations", \.expectations), .number("line", \.line),
    ]
  }
}

extension CallerAction {
  fileprivate func write(to writer: inout JSONWriter) {
    switch self {
    case .say(let pieces): writer.objects("say", pieces) { $1.write(to: &$0) }
    case .play(let file, let text):
      writer.field("play", file)
      writer.field("text", text)
    case .press(let keys): writer.field("press", String(keys.map(\.character)))
    case .staySilent: writer.field("staySilent", true)
    case .backchannel(let word): writer.field("backchannel", word)
    case .answerAsMachine(let greeting, let beep):
      writer.objects("greeting", greeting) { $1.write(to: &$0) }
      writer.field("beepHertz", beep.hertz)
      writer.field("beepUs", beep.length.microseconds)
    case .hold(let music, let length):
      writer.field("holdUs", length.microseconds)
      if let music { writer.field("music", music) }
    case .hangUp: writer.field("hangUp", true)
    }
  }

  fileprivate init(archived fields: JSONFields) throws(WireFault) {
    if fields["say"] != nil {
      self = .say(try fields.list("say") { piece throws(WireFault) in try SpokenPiece(archived: piece) })
    } else if fields["greeting"] != nil {
      var beep = MachineBeep()
      beep.hertz = try fields.storedNumber("beepHertz") ?? beep.hertz
      beep.length = try fields.optionalSpan("beepUs") ?? beep.length
      self = .answerAsMachine(
        greeting: try fields.list("greeting") { piece throws(WireFault) in try SpokenPiece(archived: piece) },
        beep: beep)
    } else if let length = try fields.optionalSpan("holdUs") {
      self = .hold(music: try fields.optionalText("music"), length: length)
    } else if let file = try fields.optionalText("play") {
      self = .play(file: file, text: try fields.optionalText("text"))
    } else if let keys = try fields.optionalText("press") {
      self = .press(keys.compactMap(Key.init))
    } else if let word = try fields.optionalText("backchannel") {
      self = .backchannel(word)
    } else if try fields.isSet("staySilent") {
      self = .staySilent
    } else if try fields.isSet("hangUp") {
      self = .hangUp
    } else {
      throw WireFault(.missingField, "\(fields.place): expected something that a caller does")
    }
  }
}

extension SpokenPiece {
  fileprivate func write(to writer: inout JSONWriter) {
    switch self {
    case .words(let text): writer.field("words", text)
    case .filler(let text): writer.field("filler", text)
    case .stumble(let text): writer.field("stumble", text)
    case .lengthened(let text): writer.field("lengthened", text)
    case .pause(let span): writer.field("pauseUs", span.microseconds)
    }
  }

  fileprivate init(archived fields: JSONFields) throws(WireFault) {
    if let text = try fields.optionalText("words") {
      self = .words(text)
    } else if let text = try fields.optionalText("filler") {
      self = .filler(text)
    } else if let text = try fields.optionalText("stumble") {
      self = .stumble(text)
    } else if let text = try fields.optionalText("lengthened") {
      self = .lengthened(text)
    } else if let span = try fields.optionalSpan("pauseUs") {
      self = .pause(span)
    } else {
      throw WireFault(.missingField, "\(fields.place): expected a piece of what a caller says")
    }
  }
}

extension Expectation: Archived {
  static let blank = Expectation(.keywords([]))
  static var members: [ArchiveMember<Expectation>] {
    [
      ArchiveMember(\.check) {
        $1.write(to: &$0)
      } read: { fields, _ throws(WireFault) in
        try Check(archived: fields)
      },
      .flag("isAbsent", \.isAbsent), .flag("allowsPartsOfWords", \.allowsPartsOfWords), .number("line", \.line),
    ]
  }
}

extension Expectation.Check {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("check", kind.rawValue)
    switch self {
    case .keywords(let texts), .anyOf(let texts), .excludes(let texts), .messageLeft(let texts):
      writer.list("texts", texts)
    case .regex(let expression): writer.field("text", expression.source)
    case .exact(let text), .similarInMeaning(let text), .state(let text), .outcome(let text): writer.field("text", text)
    case .similarity(let text, let percent):
      writer.field("text", text)
      writer.field("limit", percent)
    case .slot(let name, let value):
      writer.field("slot", name)
      writer.field("text", value)
    case .ended(let reason): writer.field("text", reason.rawValue)
    case .latency(let span), .yield(let span), .duration(let span): writer.field("limitUs", span.microseconds)
    case .understood(let limit), .talkOver(let limit): writer.field("limit", limit)
    case .tools(let calls): writer.objects("tools", calls) { $1.write(to: &$0) }
    case .goal(let goal): writer.field("text", goal.rawValue)
    case .judged(let criterion): writer.field("text", criterion)
    }
  }

  fileprivate init(archived fields: JSONFields) throws(WireFault) {
    func number() throws(WireFault) -> Int { try fields.storedNumber("limit") ?? 0 }
    func span() throws(WireFault) -> CallDuration { try fields.optionalSpan("limitUs") ?? .zero }
    let kind = try fields.choice("check", of: CheckKind.allCases)
    switch kind {
    case .keywords: self = .keywords(try fields.textList("texts"))
    case .anyOf: self = .anyOf(try fields.textList("texts"))
    case .excludes: self = .excludes(try fields.textList("texts"))
    case .exact: self = .exact(try fields.text("text"))
    case .regex: self = .regex(CompiledPattern(try fields.text("text")))
    case .state: self = .state(try fields.text("text"))
    case .outcome: self = .outcome(try fields.text("text"))
    case .similarity: self = .similarity(try fields.text("text"), percentMin: try number())
    case .similarInMeaning: self = .similarInMeaning(try fields.text("text"))
    case .slot: self = .slot(try fields.text("slot"), try fields.text("text"))
    case .ended: self = .ended(try fields.choice("text", of: CloseReason.allCases))
    case .latency: self = .latency(max: try span())
    case .yield: self = .yield(max: try span())
    case .duration: self = .duration(max: try span())
    case .understood: self = .understood(wordErrorsMax: try number())
    case .talkOver: self = .talkOver(percentMax: try number())
    case .tools: self = .tools(try fields.list("tools", ExpectedToolCall.init(archived:)))
    case .goal: self = .goal(try fields.choice("text", of: GoalState.allCases))
    case .messageLeft: self = .messageLeft(try fields.textList("texts"))
    case .judged: self = .judged(try fields.text("text"))
    case .reply, .ownWords, .echo, .interruption, .selectivity, .coverage, .line, .stimulus, .conduct, .hold:
      throw fields.outOfRange("check", "a check that is written in a case", .string(kind.rawValue))
    }
  }
}
