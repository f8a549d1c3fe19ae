/// What an agent does in a call: a graph of states. `Samples/flows/README.md` says how one is written down.
public struct Flow: Sendable, Equatable {
  /// Unique among the flows of a server; lower-case letters, digits and hyphens.
  public var name: String
  /// A few words for people.
  public var title: String
  /// What the flow is for, in a sentence or two; may be empty.
  public var description: String
  /// Id of the voice that speaks; `nil` for the server's own.
  public var voice: String?
  /// BCP 47 tag: `en`, or `en-US` and `en-GB`, which also say how a date such as 5/3 is read.
  public var language: String
  /// Name of the first state.
  public var start: String
  /// Variables and the values they have when the call begins.
  public var variables: [String: String]
  /// Silence that ends a turn in this flow, where a state says nothing else; `nil` for the call's own.
  public var endOfTurnSilence: CallDuration?
  /// What ends a turn in this flow, where a state says nothing else; `nil` for the call's own.
  public var endOfTurn: EndOfTurnRule?
  /// How speech over the agent interrupts it, where a state says nothing else; `nil`: at once.
  public var interrupt: InterruptRule?
  /// Intents that count in every state that waits for the caller, after the state's own.
  public var everywhere: [FlowIntent]
  /// Said before the call ends because nothing was heard or understood and no state was named for that.
  public var giveUp: FlowText
  /// In the order of the file; names are unique.
  public var states: [FlowState]

  package init(
    name: String, title: String = "", description: String = "", voice: String? = nil, language: String = "en",
    start: String, variables: [String: String] = [:], endOfTurnSilence: CallDuration? = nil,
    endOfTurn: EndOfTurnRule? = nil, interrupt: InterruptRule? = nil, everywhere: [FlowIntent] = [],
    giveUp: FlowText = Flow.giveUpDefault,
    states: [FlowState]
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.voice = voice
    self.language = language
    self.start = start
    self.variables = variables
    self.endOfTurnSilence = endOfTurnSilence
    self.endOfTurn = endOfTurn
    self.interrupt = interrupt
    self.everywhere = everywhere
    self.giveUp = giveUp
    self.states = states
  }

  /// Whether a turn may end by its meaning somewhere in it.
  public var endsTurnsByMeaning: Bool {
    endOfTurn == .meaning || states.contains { $0.kind.question?.listening.endOfTurn == .meaning }
  }

  /// How its callers mean a date such as 5/3; `nil` where it may be either and they are asked again.
  package var dateOrder: DateOrder? {
    switch language.lowercased() {
    case "en-us": .monthFirst
    case "en-gb": .dayFirst
    default: nil
    }
  }

  /// Nobody is cut off without a word.
  public static let giveUpDefault = FlowText("I am sorry, I could not help you this time. Goodbye.")

  /// The state of that name.
  public func state(named name: String) -> FlowState? { states.first { $0.name == name } }
}

/// The flows of a server by name, for transfers from one to another.
public struct FlowLibrary: Sendable, Equatable {
  private let byName: [String: Flow]
  private let digests: [String: String]

  /// - Parameters:
  ///   - flows: of two with one name, the later one counts.
  ///   - digests: of the texts that they were read from, by name.
  public init(_ flows: [Flow] = [], digests: [String: String] = [:]) {
    byName = Dictionary(flows.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    self.digests = digests
  }

  /// Tells the text that a flow was read from apart from others; `nil` where that is not known.
  public func digest(of name: String) -> String? { digests[name] }

  /// Every flow, sorted by name.
  public var flows: [Flow] { byName.values.sorted { $0.name < $1.name } }
  /// Every name, sorted.
  public var names: [String] { byName.keys.sorted() }
  /// The flow of that name.
  public subscript(name: String) -> Flow? { byName[name] }
}

extension Flow {
  /// Every sentence whose words are known before the call, as it has no variables but the flow's own, in the order of its
  /// states: what can be synthesised before the first call.
  public var fixedSentences: [String] {
    var seen: Set<String> = []
    return spokenTexts.filter { !$0.isSSML }
      .flatMap { text in SentenceSplitter.sentences(of: text.source).map { FlowText($0) } }
      .filter { text in text.places.allSatisfy { variables[$0.variable] != nil } }
      .map { $0.rendered(with: variables) }
      .filter { seen.insert($0).inserted }
  }

  /// The same as they are said, by the voice that the flow speaks with, and those with marks of SSML.
  /// - Parameter defaultVoice: where the flow names none.
  package func fixedSpeech(defaultVoice: Voice.ID) -> [SynthesisText] {
    let voice = voice ?? defaultVoice
    let dates = dateOrder ?? .monthFirst
    let plain = SpokenSentence.all(fixedSentences, voice: voice, dates: dates)
    var seen: Set<SynthesisText> = []
    return (plain + markedTexts.flatMap { $0.sentences(voice: voice, dates: dates) }).map(\.synthesis)
      .filter { seen.insert($0).inserted }
  }

  /// Everything that may be said.
  private var spokenTexts: [FlowText] {
    states.flatMap(\.kind.spokenTexts) + everywhere.compactMap(\.says) + apologies + [giveUp]
  }

  /// Texts with marks whose words are known before the call.
  private var markedTexts: [SSMLText] {
    spokenTexts.filter { text in text.isSSML && text.places.allSatisfy { variables[$0.variable] != nil } }
      .compactMap { text in
        do throws(SSMLFault) { return try text.ssml(with: variables) } catch { return nil }
      }
  }
}

extension Flow {
  /// The words of an apology are English.
  var apologizes: Bool { language.lowercased().hasPrefix("en") }

  /// Those that are said somewhere in the flow.
  fileprivate var apologies: [FlowText] {
    let questions = apologizes ? states.compactMap(\.kind.repeatedQuestion) : []
    let noInput = questions.contains { $0.noInput.texts.isEmpty && $0.noInput.times > 0 }
    let noMatch = questions.contains { $0.noMatch.texts.isEmpty && $0.noMatch.times > 0 }
    return (noInput ? [FlowText(AskAgain.noInputApology)] : []) + (noMatch ? [FlowText(AskAgain.noMatchApology)] : [])
  }
}

extension Flow {
  /// Every sentence that an intent is known by in meaning, each once; empty for a flow that needs no model for that.
  public var examples: [String] {
    var seen: Set<String> = []
    return (states.flatMap { $0.kind.question?.intents ?? [] } + everywhere).flatMap(\.examples)
      .filter { seen.insert($0).inserted }
  }
}

extension FlowLibrary {
  /// Whether a call that begins in this flow may wait for the beep of an answering machine, in this flow or one that it goes on in.
  public func awaitsBeep(from name: String) -> Bool {
    var (seen, open): (Set<String>, [String]) = ([name], [name])
    while let next = open.popLast() {
      for state in self[next]?.states ?? [] {
        if state.kind.question?.afterBeep != nil { return true }
        if case .transfer(let other, _) = state.kind, seen.insert(other).inserted { open.append(other) }
      }
    }
    return false
  }
}

extension FlowStateKind {
  /// A question that may be asked again in the same words.
  fileprivate var repeatedQuestion: FlowQuestion? {
    switch self {
    case .listen(let question): question.prompts.count == 1 ? question : nil
    case .collect(let collect):
      collect.question.prompts.count == 1 || collect.confirm.count == 1 ? collect.question : nil
    case .say, .decide, .tool, .llm, .transfer, .phoneTransfer, .end: nil
    }
  }

  /// Everything that a state of this kind may say.
  fileprivate var spokenTexts: [FlowText] {
    switch self {
    case .say(let texts, _, _): texts
    case .listen(let question): question.spokenTexts
    case .collect(let collect): collect.question.spokenTexts + collect.confirm
    case .llm(let state): state.question.spokenTexts
    case .decide: []
    case .tool(let tool): [tool.says].compactMap(\.self)
    case .transfer(_, let says), .phoneTransfer(_, let says), .end(_, let says): [says].compactMap(\.self)
    }
  }
}

extension FlowQuestion {
  fileprivate var spokenTexts: [FlowText] {
    prompts + noInput.texts + noMatch.texts + intents.compactMap(\.says)
  }
}

/// A flow as it was written at some time. Nothing changes in it: a change makes a version of its own.
public struct FlowVersion: Sendable, Equatable {
  /// Of the flow.
  public var name: String
  /// 1 and up; a removed flow that is added again begins anew.
  public var version: Int
  /// The file, YAML.
  public var text: String
  /// When it was saved, in microseconds since 1970 UTC.
  public var savedAtUnixMicroseconds: Int64

  package init(name: String, version: Int, text: String, savedAtUnixMicroseconds: Int64) {
    self.name = name
    self.version = version
    self.text = text
    self.savedAtUnixMicroseconds = savedAtUnixMicroseconds
  }
}
