public import CallCore
public import CallDriver

/// Works out what a caller will do with one seed: how it stumbles, and how all that sounds.
public struct CallerPlanner: Sendable {
  /// Reads a recording by its path.
  public typealias SoundReader = @Sendable (String) throws(CallFailure) -> PCMBuffer

  private let engines: any SpeechEngines
  private let cache: CallerSpeechCache
  private let readSound: SoundReader
  /// Plays callers with a brief; `nil`: there are none.
  public var players: CallerPlayers?

  /// - Parameters:
  ///   - engines: only asked when there is something to be spoken.
  ///   - cache: shared by all cases of the process.
  ///   - players: of callers with a brief; `nil`: a case of one is refused.
  ///   - readSound: for recordings.
  public init(
    engines: any SpeechEngines, cache: CallerSpeechCache, players: CallerPlayers? = nil,
    readSound: @escaping SoundReader
  ) {
    self.engines = engines
    self.cache = cache
    self.players = players
    self.readSound = readSound
  }

  /// A plan without sound, of a caller with a script.
  public static func silentPlan(for testCase: TestCase, seed: UInt64) -> CallerPlan {
    CallerPlan(testCase: testCase, seed: seed, turns: testCase.turns.map { silentTurn($0, of: testCase, seed: seed) })
  }

  /// A plan without sound, for text mode.
  /// - Parameter players: of callers with a brief.
  /// - Throws: when nobody plays the caller.
  static func silentPlan(
    for testCase: TestCase, seed: UInt64, players: CallerPlayers?
  ) throws(CallFailure) -> CallerPlan {
    var plan = silentPlan(for: testCase, seed: seed)
    plan.improviser = try players.improviser(
      of: testCase, seed: seed, plan: { silentTurn($0, of: testCase, seed: seed) }, recognize: { _ in "" })
    return plan
  }

  private static func silentTurn(_ turn: TestTurn, of testCase: TestCase, seed: UInt64) -> PlannedTurn {
    var drawer = DisfluencyDrawer(rates: testCase.disfluency, seed: seed)
    var planned = PlannedTurn(turn: turn)
    var end = Timestamp.zero
    for piece in turn.spokenPieces(with: &drawer) {
      let start = end
      if case .pause(let length) = piece {
        end = end + length
      } else {
        end = end + SpeakingPace.duration(of: [piece].wording + " ", ratePercent: testCase.caller.style.ratePercent)
      }
      planned.pieces.append(.init(piece: piece, span: SpeechSpan(start: start, end: end)))
    }
    planned.duration = (end - .zero) + turn.action.soundBehindWords
    return planned
  }

  /// A plan with sound.
  /// - Throws: `.callerEngine` when a voice or a recording is not there, or nobody plays a caller with a brief.
  public func plan(for testCase: TestCase, seed: UInt64) throws(CallFailure) -> CallerPlan {
    var drawer = DisfluencyDrawer(rates: testCase.disfluency, seed: seed)
    var turns: [PlannedTurn] = []
    for turn in testCase.turns {
      turns.append(try planned(turn, of: testCase, with: &drawer))
    }
    var power = VoicePower(isTelephone: testCase.world.isTelephone)
    for turn in turns { power.add(turn.sound) }
    if testCase.caller.brief != nil, testCase.world.noise != nil { power.add(try soundcheck(testCase).sound) }
    let speechPower = power.meanSquare ?? VoicePower.usual
    var plan = CallerPlan(
      testCase: testCase, seed: seed, turns: turns, speechPower: speechPower,
      noiseSound: try noiseSound(for: testCase.world.noise, seed: seed))
    plan.improviser = try players.improviser(
      of: testCase, seed: seed,
      plan: { turn throws(CallFailure) in
        var drawer = DisfluencyDrawer(rates: testCase.disfluency, seed: seed)
        return try planned(turn, of: testCase, with: &drawer).leveled(to: speechPower, of: testCase.world)
      },
      recognize: { sound throws(CallFailure) in
        do throws(EngineError) { return try engines.recognizer().transcribe(sound) } catch {
          throw .callerEngine(error.description)
        }
      })
    return plan
  }

  /// How loud a caller is whose words are not known before the call.
  private func soundcheck(_ testCase: TestCase) throws(CallFailure) -> PlannedTurn {
    var drawer = DisfluencyDrawer(rates: DisfluencyRates(), seed: 0)
    let line = TestTurn(number: 1, action: .say([.words("Hello, I am calling because I have a question for you.")]))
    return try planned(line, of: testCase, with: &drawer)
  }

  private func planned(
    _ turn: TestTurn, of testCase: TestCase, with drawer: inout DisfluencyDrawer
  ) throws(CallFailure) -> PlannedTurn {
    var planned = PlannedTurn(turn: turn)
    if case .hold(let music, let length) = turn.action {
      planned.sound = HoldMusic.samples(try music.map { path throws(CallFailure) in try sound(at: path) }, for: length)
    } else if case .play(let file, let text) = turn.action {
      planned.sound = try sound(at: file)
      let span = SpeechSpan(start: .zero, end: .zero + CallTracks.length(planned.sound.count))
      planned.pieces = [.init(piece: .words(text ?? ""), span: span)]
    } else {
      let pieces = turn.spokenPieces(with: &drawer)
      guard !pieces.isEmpty else { return planned }
      do throws(EngineError) {
        (planned.sound, planned.pieces) = try voice(testCase.caller.voice, testCase.caller.style).say(pieces)
      } catch {
        throw .callerEngine(error.description)
      }
    }
    if case .answerAsMachine(_, let beep) = turn.action { planned.sound += beep.samples }
    if testCase.world.level != 0 {
      planned.sound = Gain(decibels: testCase.world.level).applied(to: planned.sound)
    }
    planned.duration = CallTracks.length(planned.sound.count)
    return planned
  }

  private func voice(_ voice: Voice.ID, _ style: SpeakingStyle) throws(EngineError) -> CallerVoice {
    CallerVoice(
      synthesizer: try engines.synthesizer(), codecs: engines.codecs, cache: cache, voice: voice, style: style)
  }

  private func sound(at path: String) throws(CallFailure) -> [Int16] {
    let sound = try readSound(path)
    do throws(EngineError) { return try SoundFormat.samples(of: sound, codecs: engines.codecs) } catch {
      throw .callerEngine("\(path): \(error)")
    }
  }

  // MARK: - Noise

  /// What people say in the background, in the voices that callers may have.
  private static let babble: [(voice: Voice.ID, text: String)] = [
    ("heart", "I told her that the train leaves at a quarter past nine, but she would not listen to me at all."),
    ("heart-low", "Well, we could always ask the neighbours whether they still have the ladder from last summer."),
    ("heart-bright", "Did you see the match yesterday? I could not believe how they lost it in the last minute."),
    ("heart-mellow", "The soup needs a little more salt, and then another ten minutes on a very low flame."),
    ("heart-deep", "They are going to close the bridge again, so everybody will have to drive around the lake."),
    ("heart", "No, the blue one is mine, the green one belongs to my brother, and he never lends it to anyone."),
  ]
  /// Length of the loop of babble: longer than most calls, so that nothing is heard twice.
  private static let babbleSeconds = 30

  private func noiseSound(for noise: CallWorld.Noise?, seed: UInt64) throws(CallFailure) -> [Int16]? {
    switch noise?.sort {
    case nil, .white, .pink: return nil
    case .recording(let path): return try sound(at: path)
    case .babble:
      do throws(EngineError) {
        var clips: [[Int16]] = []
        for line in Self.babble { clips.append(try voice(line.voice, .plain).say([.words(line.text)]).sound) }
        return Babble.loop(from: clips, seconds: Self.babbleSeconds, seed: seed)
      } catch {
        throw .callerEngine(error.description)
      }
    }
  }
}

extension PlannedTurn {
  /// As loud as the rest of the call, where noise is set against that.
  fileprivate func leveled(to power: Double, of world: CallWorld) -> PlannedTurn {
    var own = VoicePower(isTelephone: world.isTelephone)
    own.add(sound)
    guard world.noise != nil, let measured = own.meanSquare, measured > 0 else { return self }
    var turn = self
    turn.sound = Gain(factor: (power / measured).squareRoot()).applied(to: sound)
    return turn
  }
}

extension TestTurn {
  /// What is to be spoken in this turn with this caller's luck; empty for keys, silence and recordings.
  func spokenPieces(with drawer: inout DisfluencyDrawer) -> [SpokenPiece] {
    switch action {
    case .say(let pieces): drawer.draw(pieces, turn: number)
    case .backchannel(let text): [.words(text)]
    case .answerAsMachine(let greeting, _): greeting
    case .play(_, let text): [.words(text ?? "")]
    case .press, .staySilent, .hold, .hangUp: []
    }
  }
}
