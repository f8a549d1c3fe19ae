import ArgumentParser
import CallClient
import CallCore
import CallDriver
import CallWire
import Engines
import FoundationEssentials
import LoadTest
import Simulation

/// `voiceforge load`.
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Load a server with calls and measure how it holds.",
    discussion: """
      EXAMPLES
        voiceforge load                                        10 calls at once for a minute, to a server of its own
        voiceforge load --calls 200 --ramp 20/s --hold 5m      200 at once, 20 more each second
        voiceforge load --target ws://desk.example:8080/v1/call --threshold 'turn_latency.p95<900ms'
        voiceforge load book/tomorrow=3 opening-hours=1        a mix of test cases with weights
        voiceforge load --plan poisson --ramp 5/s --calls 300  calls that come at random, at most 300 at once

      The callers' speech is made and encoded once and played to every call; of the agent's audio only the headers are read. One call in \
      --canaries is a simulated caller with ears, and is scored as `voiceforge simulate` does.

      PLANS
        ramp         up to --calls at once, --ramp more each second, then held for --hold; a call that ends makes room for another
        steps:A,B,C  the same for several numbers of calls, one after the other, each held for --hold
        soak         as ramp, held for 10 minutes unless --hold says otherwise
        constant     --ramp calls each second for --hold, whether others have ended or not; at most --calls at once
        poisson      the same at random

      THRESHOLDS
        turn_latency.p95<1200ms, frames_late<1%, failed==0, refused==0 unless others are given. With ' abort' behind it, the run ends as \
      soon as the threshold is hopeless.

      Exits 0 when every threshold was kept, 1 when one was not, 2 for wrong input, 3 when the load itself was late so that nothing was \
      measured, and 4 when the target could not be reached.
      """)

  @Argument(help: "Test cases: files, folders or ids, with a weight behind = (default: the sample bookings).")
  var cases: [String] = []
  @Option(help: ArgumentHelp("Calls at once.", valueName: "calls"))
  var calls = 10
  @Option(help: ArgumentHelp("How fast calls begin (default: a tenth of --calls a second).", valueName: "rate"))
  var ramp: String?
  @Option(help: ArgumentHelp("How long the load is held (default: 60s; soak: 10m).", valueName: "time"))
  var hold: String?
  @Option(help: ArgumentHelp("ramp, steps:A,B,C, soak, constant or poisson.", valueName: "plan"))
  var plan = "ramp"
  @Option(help: ArgumentHelp("Address of the server (default: one is started for the load).", valueName: "url"))
  var target: String?
  @Option(help: ArgumentHelp("What must hold; repeatable.", valueName: "threshold"))
  var threshold: [String] = []
  @Option(help: ArgumentHelp("One call of so many is scored; 0: none.", valueName: "calls"))
  var canaries = 50
  @Option(help: ArgumentHelp("Luck of the whole run.", valueName: "number"))
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Flow files of the server that is started.", valueName: "folder"))
  var flows: String?
  @Option(help: ArgumentHelp("Further options of that server, such as '--loops 1'.", valueName: "options"))
  var serve = ""
  @Option(help: ArgumentHelp("The day that flows take for today.", valueName: "day"))
  var today = BuiltInAgent.usualToday
  @Flag(help: "Print one JSON document at the end.")
  var json = false

  func validate() throws {
    guard (1...100_000).contains(calls) else { throw ValidationError("--calls takes 1 to 100000") }
    guard (0...1_000_000).contains(canaries) else { throw ValidationError("--canaries takes 0 to 1000000") }
    guard CalendarDate(today) != nil else { throw ValidationError("--today takes a day such as 2026-03-02") }
    guard target == nil || (flows == nil && serve.isEmpty) else {
      throw ValidationError("--flows and --serve are for a server of one's own: leave out --target")
    }
  }

  func run() throws {
    StopSignal.block()
    let settings = Settings()
    let thresholds = try readThresholds()
    let arrivals = try LoadPlanReader(kind: plan, calls: calls, rate: ramp, hold: hold, seed: seed).plan()
    let library = try FlowFolder.read(flows ?? settings.flowFolder)
    let files = CaseFiles(flow: "appointment", flows: target == nil ? library : nil)
    let cases = try LoadCases(cases, files: files, settings: settings)
    let shared = SharedSpeech(
      engines: ProgressLine.during("loading the voices …") { EngineCatalog(folder: settings.engineFolder) })
    let tapes = try tapes(of: cases, shared)
    let line =
      try target.map(LoadTarget.open)
      ?? LoadTarget.start(
        calls: arrivals.callsMax + 100, flows: flows, options: serve.split(separator: " ").map(String.init))
    defer { line.close() }
    var order = LoadOrder(
      url: line.url, plan: arrivals, tapes: tapes, mix: CallMix(weights: cases.weights, seed: seed), seed: seed,
      thresholds: thresholds)
    order.canaryEvery = canaries
    let result = try run(order, over: line, shared)
    line.close()
    if json {
      Terminal.line(String(decoding: LoadJSON.bytes(of: result), as: UTF8.self))
    } else {
      LoadSummary(result).show()
    }
    leave(result)
  }

  private func run(_ order: LoadOrder, over line: LoadTarget, _ shared: SharedSpeech) throws -> LoadResult {
    let desk = CanaryDesk(
      url: order.url, shared: shared, today: today, seed: seed, readSound: CaseFiles.sound)
    let run = LoadRun(order, canaries: canaries > 0 ? desk : nil, watch: line.watch)
    let screen = LoadScreen(title: "\(order.plan.summary), to \(order.url)", isQuiet: false)
    let startedAt = Int64(Date().timeIntervalSince1970 * 1_000_000)
    var result = try run.run(isStopped: { StopSignal.came(within: $0) }, tell: screen.show)
    screen.clear()
    result.startedAtUnixMicroseconds = startedAt
    return result
  }

  private func readThresholds() throws -> [Threshold] {
    if threshold.isEmpty { return Threshold.usual }
    return try threshold.map { text in
      do throws(ThresholdFault) { return try Threshold(text) } catch { throw CommandFault("--threshold: \(error)") }
    }
  }

  private func tapes(of cases: LoadCases, _ shared: SharedSpeech) throws -> [CallerTape] {
    let recorder = TapeRecorder(engines: shared.engines, today: today, readSound: CaseFiles.sound)
    return try ProgressLine.during("making what the callers say …") {
      try cases.cases.map { testCase in
        do throws(LineFailure) { return try recorder.tape(of: testCase, seed: seed) } catch {
          if case .refused(_, let message) = error { throw CommandFault(message) }
          throw CommandFault(error.description, .failed)
        }
      }
    }
  }

  private func leave(_ result: LoadResult) {
    switch result.verdict {
    case .passed: break
    case .failed: ExitStatus.failed.leave()
    case .invalid: ExitStatus.invalid.leave()
    case .unreachable: ExitStatus.unreachable.leave()
    }
  }
}
