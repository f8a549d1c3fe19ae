import CallCore
import CallDriver
import Engines
import LoadTest
import Simulation
import Wires

/// What all runs of a load command have in common: the callers and what they say, made once.
struct LoadTestSetup {
  /// Most calls at once that can be asked for: a machine has about 60,000 ports towards one address, and half of them is plenty.
  static let callsMax = 30_000

  var thresholds: [Threshold] = []
  /// One call of so many is scored; 0: none.
  var canaryEvery = 50
  private let recordings: [RecordedCaller]
  private let mix: CallMix
  private let shared: SharedSpeech
  /// Loaded by the first canary that asks for it.
  private let meaning: MiniLMComparer
  private let today: String
  private let seed: UInt64
  private let readSound: CallerPlanner.SoundReader

  /// Loads the voices and makes what the callers say.
  /// - Parameters:
  ///   - wire: over which the calls go.
  ///   - format: of a bot's audio; `nil`: as the wire has it.
  ///   - readSound: for recordings that are played.
  init(
    mix cases: LoadCases, over wire: CallWire, _ format: AudioFormat? = nil, settings: Settings, today: String,
    seed: UInt64, readSound: @escaping CallerPlanner.SoundReader = CaseFiles.sound
  ) throws {
    meaning = MiniLMComparer(folder: settings.engineFolder)
    let shared = SharedSpeech(engines: try EngineCatalog.load("the voices", settings))
    let recorder = CallerRecorder(
      engines: shared.engines, today: today, wire: wire, format: format, readSound: readSound)
    recordings = try ProgressLine.during("making what the callers say …") {
      try cases.cases.map { testCase in
        do throws(CallFailure) { return try recorder.recorded(of: testCase, seed: seed) } catch {
          if case .refused(_, let message) = error { throw CommandFault(message) }
          throw CommandFault(error.description, .failed)
        }
      }
    }
    mix = CallMix(weights: cases.weights, seed: seed)
    self.shared = shared
    self.today = today
    self.seed = seed
    self.readSound = readSound
  }

  /// One run, shown on standard error.
  /// - Parameter tell: told of each second instead.
  func run(
    _ plan: ArrivalPlan, over line: LoadTarget, tell: ((LoadTotals) -> Void)? = nil
  ) throws -> LoadResult {
    let screen = LoadScreen(title: "\(plan.summary), to \(line.url)")
    defer { screen.clear() }
    return try make(plan, thresholds, over: line).run(
      isStopped: { StopSignal.isReceived(within: $0) }, tell: tell ?? screen.show)
  }

  /// A search for the highest load; each run is a row of a table.
  /// - Parameter plan: of a run with so many calls.
  func search(
    from start: Int, over line: LoadTarget, isQuiet: Bool, plan: (Int) -> ArrivalPlan
  ) throws -> CapacityResult {
    let hopeless = thresholds.map { threshold in
      var threshold = threshold
      threshold.aborts = true
      return threshold
    }
    var search = CapacitySearch(start: start, callsMax: Self.callsMax)
    let screen = LoadScreen(title: "searching, to \(line.url)")
    let table = CapacityTable(isQuiet: isQuiet)
    return try search.run(
      { make(plan($0), hopeless, over: line) },
      isStopped: { StopSignal.isReceived(within: $0) },
      tell: { step, totals in
        screen.title = "\(CapacityTable.words(for: step)), to \(line.url)"
        screen.show(totals)
      },
      found: { probe, result in
        screen.clear()
        table.show(probe, result)
      })
  }

  /// One run.
  /// - Parameter segment: the part of the plan that this generator places.
  func make(
    _ plan: ArrivalPlan, _ thresholds: [Threshold], part segment: LoadSegment = .whole, over line: LoadTarget
  ) -> LoadRun {
    var order = LoadOrder(
      line.callee, plan: plan, recordings: recordings, mix: mix, seed: seed, thresholds: thresholds)
    order.segment = segment
    order.canaryEvery = canaryEvery
    order.key = line.key
    let canaries =
      canaryEvery > 0
      ? CanaryScheduler(
        url: line.url, key: line.key, shared: shared, today: today, seed: seed,
        meaning: meaning, readSound: readSound)
      : nil
    return LoadRun(order, canaries: canaries, watches: line.watches)
  }
}
