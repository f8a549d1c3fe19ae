import CallCore
import Testing

@Suite("A client that decides on turns itself")
struct TurnCommandTests {
  private static var manual: TurnSettings {
    var settings = TurnSettings()
    (settings.detectsTurns, settings.repliesByItself) = (false, false)
    return settings
  }

  private static func silentAgent() -> TurnSettings {
    var settings = TurnSettings()
    settings.repliesByItself = false
    return settings
  }

  private static func call(_ settings: TurnSettings) -> CallHarness {
    var harness = TurnTests.afterGreeting()
    harness.send(.commanded(.configure(settings)))
    return harness
  }

  @Test("a client that says how long to wait for the caller is told when nobody spoke, and the flow goes on")
  func nobodySpoke() {
    var settings = TurnSettings()
    settings.noInputAfter = .seconds(2)
    var harness = Self.call(settings)
    let told = { (harness: CallHarness) in
      harness.reports.compactMap { if case .nobodySpoke(let since) = $0 { since } else { nil } }
    }
    harness.pause(for: .milliseconds(500))
    #expect(told(harness).isEmpty)
    harness.pause(for: .seconds(2))
    #expect(told(harness).count == 1 && harness.inputs.last == .nothingSaid)
    var other = Self.call(TurnSettings())
    other.pause(for: .seconds(60))
    #expect(other.inputs.contains(.nothingSaid) && told(other).isEmpty)
  }

  private func words(_ harness: CallHarness) -> [String] {
    harness.reports.compactMap { if case .transcript(let entry, final: true) = $0 { entry.text } else { nil } }
  }

  /// A call in a phase, and what it does then with a command.
  private static func call(in phase: String) -> CallHarness {
    var harness = CallHarness(TurnTests.greeting)
    if phase == "new" { return harness }
    if phase == "preparing" { harness.sentence = nil }
    harness.send(.began)
    if ["preparing", "speaking"].contains(phase) { return harness }
    harness.pause(for: .milliseconds(1200))
    switch phase {
    case "hearing": harness.speak(for: .milliseconds(320))
    case "keying": harness.send(.keyPressed(Key("4") ?? .terminator))
    case "recognizing":
      harness.words = nil
      harness.speak(for: .seconds(1))
      harness.pause(for: .milliseconds(512))
    case "ended": harness.send(.hungUp)
    default: break
    }
    return harness
  }

  static let table: [(phase: String, command: TurnCommand, next: String)] = [
    ("new", .commit, "new"), ("new", .discardInput, "new"), ("new", .reply, "new"), ("new", .cancelReply, "new"),
    ("preparing", .commit, "preparing"), ("preparing", .discardInput, "preparing"), ("preparing", .reply, "preparing"),
    ("preparing", .cancelReply, "waiting"),
    ("speaking", .commit, "speaking"), ("speaking", .discardInput, "speaking"), ("speaking", .reply, "speaking"),
    ("speaking", .cancelReply, "waiting"),
    ("waiting", .commit, "waiting"), ("waiting", .discardInput, "waiting"), ("waiting", .reply, "speaking"),
    ("waiting", .cancelReply, "waiting"),
    ("hearing", .commit, "waiting"), ("hearing", .discardInput, "waiting"), ("hearing", .reply, "hearing"),
    ("hearing", .cancelReply, "hearing"),
    ("keying", .commit, "waiting"), ("keying", .discardInput, "keying"), ("keying", .reply, "keying"),
    ("keying", .cancelReply, "keying"),
    ("recognizing", .commit, "recognizing"), ("recognizing", .discardInput, "recognizing"),
    ("recognizing", .reply, "recognizing"), ("recognizing", .cancelReply, "recognizing"),
    ("ended", .commit, "ended"), ("ended", .discardInput, "ended"), ("ended", .reply, "ended"),
    ("ended", .cancelReply, "ended"),
  ]

  @Test("every command has an answer in every phase", arguments: table.indices)
  func phases(_ index: Int) {
    let row = Self.table[index]
    var harness = Self.call(in: row.phase)
    #expect(harness.call.phase.name == row.phase)
    harness.send(.commanded(row.command))
    #expect(harness.call.phase.name == row.next, "\(row)")
    if case .configure = row.command { return }
    harness.send(.commanded(.configure(Self.manual)))
    harness.send(.commanded(.configure(TurnSettings())))
  }

  @Test("without detection only a commit ends a turn, and only an answer that is wanted follows")
  func manualTurn() {
    var harness = Self.call(Self.manual)
    harness.speak(for: .seconds(1))
    harness.pause(for: .seconds(3))
    harness.speak(for: .seconds(1))
    #expect(harness.inputs == [.begin])
    harness.send(.commanded(.commit))
    #expect(words(harness) == ["hello there"])
    #expect(!harness.reports.contains { if case .speechStarted = $0 { true } else { false } })
    harness.idle(for: .seconds(30))
    #expect(harness.inputs == [.begin], "no time makes the agent speak")
    harness.send(.commanded(.reply))
    #expect(harness.inputs == [.begin, .said("hello there")])
    #expect(harness.call.phase.name == "speaking")
  }

  @Test("an answer that is wanted while the words are not known yet follows them")
  func earlyReply() throws {
    var harness = Self.call(Self.manual)
    harness.words = nil
    harness.speak(for: .seconds(1))
    harness.send(.commanded(.commit))
    harness.send(.commanded(.reply))
    #expect(harness.call.phase.name == "recognizing")
    harness.send(.transcribed(RequestID(1), "hello there"))
    #expect(harness.inputs == [.begin, .said("hello there")])
  }

  @Test(
    "keys that a client commits are told at once, and an answer that is wanted follows them, also while they are pressed"
  )
  func keys() throws {
    let key = try #require(Key("4"))
    var harness = Self.call(Self.manual)
    harness.send(.keyPressed(key))
    harness.send(.commanded(.commit))
    #expect(words(harness) == ["4"] && harness.inputs == [.begin])
    harness.send(.commanded(.reply))
    #expect(harness.inputs == [.begin, .pressed("4")])
    var other = Self.call(Self.manual)
    other.send(.keyPressed(key))
    other.send(.commanded(.reply))
    #expect(other.inputs == [.begin])
    other.idle(for: .seconds(5))
    #expect(other.inputs == [.begin, .pressed("4")])
  }

  @Test("a commit without a word is told, and answered as not understood")
  func emptyCommit() {
    var harness = Self.call(Self.manual)
    harness.words = ""
    harness.pause(for: .milliseconds(320))
    harness.send(.commanded(.commit))
    #expect(words(harness) == [""])
    harness.send(.commanded(.reply))
    #expect(harness.inputs == [.begin, .notUnderstood])
  }

  @Test("of a turn that was found its end is told when it is committed, of another one it is not")
  func reported() {
    func ends(_ harness: CallHarness) -> Int {
      harness.reports.count { if case .speechStopped = $0 { true } else { false } }
    }
    var harness = Self.call(TurnSettings())
    harness.speak(for: .seconds(1))
    harness.send(.commanded(.commit))
    #expect(ends(harness) == 1)
    harness.send(.commanded(.commit))
    #expect(ends(harness) == 1)
    #expect(harness.inputs == [.begin])
  }

  @Test("a turn that is found is not answered by itself where the client does not want that")
  func heldTurn() {
    var harness = Self.call(Self.silentAgent())
    harness.speak(for: .seconds(1))
    harness.pause(for: .seconds(1))
    #expect(words(harness) == ["hello there"])
    #expect(harness.call.phase.name == "waiting")
    harness.send(.typed("typed words"))
    harness.send(.commanded(.reply))
    #expect(harness.inputs == [.begin, .said("typed words")], "of several turns the last one counts")
  }

  @Test("an answer without a turn is what the agent said last")
  func repeatedPrompt() {
    var harness = Self.call(TurnSettings())
    harness.send(.commanded(.reply))
    let spoken = harness.actions.compactMap { if case .speak(_, let sentences) = $0 { sentences } else { nil } }
    #expect(spoken == [["Hello."], ["Hello."]])
    #expect(harness.inputs == [.begin])
  }

  @Test("an agent that has nothing to say says so")
  func nothingToSay() {
    var harness = CallHarness()
    harness.send(.began)
    harness.send(.commanded(.reply))
    let trouble = harness.reports.contains { if case .trouble("nothing-to-say", _) = $0 { true } else { false } }
    #expect(trouble)
  }

  @Test("where speech does not interrupt, the caller has the turn when the agent has finished")
  func noBargeIn() {
    var settings = TurnSettings()
    settings.speechInterrupts = false
    var harness = CallHarness(TurnTests.greeting)
    harness.send(.commanded(.configure(settings)))
    harness.send(.began)
    harness.speak(for: .milliseconds(800))
    #expect(harness.call.phase.name == "speaking")
    harness.speak(for: .milliseconds(400))
    #expect(harness.call.phase.name == "hearing")
  }

  @Test("a reply that is cancelled is cut off, and the caller has the turn")
  func cancelledReply() {
    var harness = CallHarness(TurnTests.greeting)
    harness.send(.began)
    harness.idle(for: .milliseconds(400))
    harness.send(.commanded(.cancelReply))
    let cut = harness.reports.compactMap { if case .agentInterrupted(let entry) = $0 { entry.heard } else { nil } }
    #expect(cut == [.milliseconds(400)])
    #expect(harness.call.phase.name == "waiting")
  }

  @Test("silence and threshold of the client are those that count, until it takes them back")
  func thresholds() {
    var settings = TurnSettings()
    (settings.endOfTurnSilence, settings.speechThreshold) = (.milliseconds(900), SpeechProbability(thousandths: 960))
    var harness = Self.call(settings)
    harness.speak(for: .seconds(1))
    #expect(harness.call.phase.name == "waiting")
    settings.speechThreshold = nil
    harness.send(.commanded(.configure(settings)))
    harness.speak(for: .seconds(1))
    harness.pause(for: .milliseconds(800))
    #expect(harness.call.phase.name == "hearing")
    harness.pause(for: .milliseconds(160))
    #expect(harness.inputs.count == 2)
  }

  @Test("input that is discarded is never recognised")
  func discarded() {
    var harness = Self.call(Self.manual)
    harness.speak(for: .seconds(1))
    harness.send(.commanded(.discardInput))
    #expect(harness.actions.contains(.closeTurn(TurnID(1))))
    #expect(!harness.actions.contains { if case .transcribe = $0 { true } else { false } })
  }
}
