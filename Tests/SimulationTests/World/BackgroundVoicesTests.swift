import CallCore
import CallDriver
import Engines
import Simulation
import Testing

/// The voices are the engine's own, the detector is the real one; the agent speaks all the time.
@Suite("People behind the caller")
struct BackgroundVoicesTests {
  /// What people say behind the caller, in the voices of the simulator's babble.
  private static let behind = [
    ("heart", "I told her that the train leaves at a quarter past nine, but she would not listen to me at all."),
    ("heart-low", "Well, we could always ask the neighbours whether they still have the ladder from last summer."),
    ("heart-bright", "Did you see the match yesterday? I could not believe how they lost it in the last minute."),
    ("heart-deep", "They are going to close the bridge again, so everybody will have to drive around the lake."),
  ]
  /// What the caller says when the agent listens.
  private static let before = ["I would like to book an appointment for tomorrow.", "Cancel my appointment, please."]
  /// What the caller says over the agent.
  private static let over = [
    "What are your opening hours?", "I would like to book an appointment.", "Cancel my appointment, please.",
    "It is Mary Johnson.", "No, not that one.", "Yes.", "Hello?",
  ]
  private static let voices = ["heart", "heart-bright", "heart-deep", "heart-middle", "heart-alto"]

  private static func speech(_ text: String, _ voice: Voice.ID) throws -> [Int16] {
    try SpeechResampler.resample(SimulationEngines.catalog.synthesizer().synthesize(text, voice: voice), to: 16_000)
      .samples
  }

  /// A call in which the caller has spoken and the agent speaks now.
  private static func bench(_ voice: Voice.ID, comparesLevels: Bool = true) throws -> SpokenOverBench {
    var bench = try SpokenOverBench(comparesLevels: comparesLevels)
    for sentence in before {
      try bench.hear(speech(sentence, voice))
      try bench.hear(WorldHarness.silence(seconds: 1))
    }
    bench.startAgent()
    try bench.hear(WorldHarness.silence(seconds: 1))
    return bench
  }

  @Test(
    "one and three of them, 15 and 20 dB softer than the caller, talk for ten minutes and interrupt nothing",
    arguments: [(1, 15), (1, 20), (3, 15), (3, 20)])
  func interruptNothing(talkers: Int, below: Int) throws {
    let clips = try Self.behind.map { try Self.speech($0.1, $0.0) }
    var power = VoicePower()
    for sentence in Self.before { power.add(try Self.speech(sentence, "heart")) }
    var level = try #require(power.meanSquare) / VoicePower.usual
    for _ in 0..<below { level /= 1.258_925_411_8 }
    let factor = level.squareRoot()
    let babble = Babble.loop(from: clips, seconds: 60, talkers: talkers, seed: 1).map { Int16(Double($0) * factor) }
    var bench = try Self.bench("heart")
    for _ in 0..<10 { try bench.hear(babble) }
    #expect(bench.interruptions == [])
    // Without the comparison the same voices interrupt at once: the detector takes them for speech.
    var other = try Self.bench("heart", comparesLevels: false)
    try other.hear(Array(babble.prefix(16_000 * 20)))
    #expect(!other.interruptions.isEmpty)
  }

  @Test(
    "somebody behind says a sentence while the agent listens: it does not become the caller's level, and the voices behind interrupt no more than before",
    arguments: [15, 20])
  func sentenceBehind(below: Int) throws {
    var power = VoicePower()
    for sentence in Self.before { power.add(try Self.speech(sentence, "heart")) }
    let caller = try #require(power.meanSquare)
    // Two people, each at that level.
    let clips = try Self.behind[1...2].map { (voice, text) in
      let clip = try Self.speech(text, voice)
      let own = try #require(VoicePower.meanSquare(of: clip))
      var ratio = caller / own
      for _ in 0..<below { ratio /= 1.258_925_411_8 }
      let factor = ratio.squareRoot()
      return clip.map { Int16(Double($0) * factor) }
    }
    var bench = try SpokenOverBench(comparesLevels: true)
    for sound in try [Self.speech(Self.before[0], "heart"), clips[0], clips[1]] {
      try bench.hear(sound)
      try bench.hear(WorldHarness.silence(seconds: 1))
    }
    bench.startAgent()
    for _ in 0..<5 {
      for clip in clips { try bench.hear(clip) }
      try bench.hear(WorldHarness.silence(seconds: 1))
    }
    #expect(bench.interruptions == [])
    try bench.hear(Self.speech(Self.before[0], "heart"))
    #expect(bench.interruptions.count == 1, "the caller is still heard")
  }

  @Test(
    "clean callers interrupt within 260 ms at the 95th percentile; 6 dB softer, all of them still do while they speak",
    arguments: [0, -6])
  func callersInterrupt(decibels: Int) throws {
    var latencies: [CallDuration] = []
    for voice in Self.voices {
      for sentence in Self.over {
        var bench = try Self.bench(voice)
        let sound = Gain(decibels: decibels).applied(to: try Self.speech(sentence, voice))
        let onset = bench.now + Self.onset(of: sound)
        try bench.hear(sound)
        try bench.hear(WorldHarness.silence(seconds: 1))
        if let interruption = bench.interruptions.first { latencies.append(interruption - onset) }
      }
    }
    latencies.sort()
    let all = Self.voices.count * Self.over.count
    #expect(latencies.count == all)
    guard decibels == 0 else { return }
    #expect(latencies[all * 95 / 100] <= .milliseconds(260), "\(latencies.map(\.milliseconds))")
  }

  /// Where the first sound is that is at most 30 dB below the loudest, to 5 ms.
  private static func onset(of sound: [Int16]) -> CallDuration {
    let pieces = stride(from: 0, to: sound.count, by: 80).map {
      WorldHarness.power(sound[$0..<min($0 + 80, sound.count)])
    }
    let first = pieces.firstIndex { $0 > (pieces.max() ?? 0) / 1000 } ?? 0
    return .milliseconds(5) * first
  }
}

/// A call machine behind the real detector, which hears samples and whose agent can speak for an hour.
struct SpokenOverBench {
  /// Listens; tells a story when it is asked to.
  private struct Flow: AgentFlow {
    static let command = "tell"
    let currentState = "talk"
    let slots: [String: String] = [:]

    mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
      if input == .said(Self.command) { outputs.append(.say("A long story.", interruptible: true)) }
      outputs.append(.listen(ListenOptions()))
    }
  }

  private(set) var now = Timestamp.zero
  /// When the agent was stopped.
  private(set) var interruptions: [Timestamp] = []
  private var machine: CallMachine
  private var actions: [CallAction] = []
  private let detector: any SpeechDetector
  private let comparesLevels: Bool
  private var window: [Int16] = []

  init(comparesLevels: Bool) throws {
    var limits = TurnLimits()
    limits.utteranceDurationMax = .seconds(3600)
    machine = CallMachine(flow: Flow(), flowName: "story", voice: "heart", limits: limits)
    detector = try SimulationEngines.catalog.makeDetector()
    self.comparesLevels = comparesLevels
    send(.began)
  }

  mutating func startAgent() {
    send(.typed(Flow.command))
    let utterance = UtteranceID(1)
    send(.sentenceReady(utterance, sentence: 0, .seconds(3600)))
    send(.playoutStarted(utterance))
  }

  /// - Parameter samples: 16 kHz mono.
  mutating func hear(_ samples: [Int16]) throws {
    for sample in samples {
      window.append(sample)
      guard window.count == SpeechDetectorWindow.samples else { continue }
      now = now + .milliseconds(32)
      let (probability, meanSquare) = try window.withUnsafeBufferPointer { samples in
        (try detector.probability(of: samples), EnergyGate.energy(of: samples))
      }
      window.removeAll(keepingCapacity: true)
      send(
        .speechWindow(
          probability, until: now, loudUntil: now, meanSquare: comparesLevels ? meanSquare : nil))
      send(.tick)
    }
  }

  private mutating func send(_ event: CallEvent) {
    machine.handle(event, at: now, into: &actions)
    while !actions.isEmpty {
      switch actions.removeFirst() {
      case .transcribe(let request, _): machine.handle(.transcribed(request, "some words"), at: now, into: &actions)
      case .stopPlayout(let utterance):
        interruptions.append(now)
        machine.handle(.playoutStopped(utterance, played: .zero), at: now, into: &actions)
      default: break
      }
    }
  }
}
