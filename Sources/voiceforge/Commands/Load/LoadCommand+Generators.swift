import ArgumentParser
import CallCore
import CallDriver
import Cluster
import Formats
import LoadTest
import Simulation

extension LoadCommand {
  /// What does not go with `--generators`, and why.
  func validateGenerators() throws(ValidationError) {
    guard let generators else {
      guard wait == nil, queueDatabase.database == nil else {
        throw ValidationError("--wait and --database are for --generators: add it, or leave them out")
      }
      return
    }
    guard (1...LoadSegment.countMax).contains(generators) else {
      throw ValidationError("--generators takes 1 to \(LoadSegment.countMax)")
    }
    guard generators <= calls else {
      throw ValidationError("--generators \(generators) need a call each: raise --calls, which is \(calls)")
    }
    guard let target, !target.prefix(while: { $0 != ":" }).contains("+") else {
      throw ValidationError(
        "--generators need --target, the address of a server of ours that each of them reaches; bots are called from one machine"
      )
    }
    guard !findCapacity else { throw ValidationError("--generators place one load: leave out --find-capacity") }
  }

  /// Has the load placed by generators on other machines, and shows what came of it as if it had been placed here.
  func runShared(_ settings: Settings, generators: Int) throws {
    let thresholds = try readThresholds()
    let plan = LoadPlanReader(kind: plan, calls: calls, rate: ramp, hold: hold, seed: seed)
    let arrivals = try plan.plan()
    let files = try CaseFiles(flow: "appointment", flows: nil, settings: settings)
    let mix = try LoadCases(cases, files: files, settings: settings)
    if let report { try ReportFolder.check(report) }
    let target = try CallTarget(target ?? "")
    try TargetConsent.ask(for: "up to \(arrivals.callsMax) calls at once", to: target.url, isGiven: yes)
    let told = SharedLoadPlan(
      kind: plan.kind, calls: calls, rate: ramp, hold: hold, seed: seed, cases: mix.cases, weights: mix.weights,
      target: target.url, today: today, canaryEvery: canaries ?? 50)
    let load = SharedLoad(
      id: RunQueue.name(), program: try ProgramIdentity(settings).name(forTarget: target.url), generators: generators,
      document: told.bytes,
      files: try SentSounds.files(of: mix.cases))
    let queue = try queueDatabase.open(settings, readTime: RunQueue.reportReadTime)
    defer { queue.close() }
    let line = LoadTarget(target, key: access.key(settings), nodes: node.isEmpty ? nil : node.map(\.server))
    let result = try coordinate(load, arrivals, thresholds, in: queue, over: line) { ending, startedAt, totals in
      LoadResult(
        url: target.url, plan: "\(arrivals.summary), by \(generators) generator\(generators == 1 ? "" : "s")",
        mix: zip(mix.cases, mix.weights).map { ($0.id, $1) }, seed: seed, startedAtUnixMicroseconds: startedAt,
        duration: ending == .finished ? arrivals.duration : totals.samples.last?.at ?? .zero, ending: ending,
        totals: totals, findings: thresholds.map { ThresholdFinding($0, in: totals) },
        loops: LoadOrder.loops(for: arrivals, by: generators))
    }
    try show(result)
  }

  private func coordinate(
    _ load: SharedLoad, _ plan: ArrivalPlan, _ thresholds: [Threshold], in queue: RunQueue, over line: LoadTarget,
    _ make: (LoadResult.Ending, Int64, LoadTotals) -> LoadResult
  ) throws -> LoadResult {
    let screen = LoadScreen(title: "\(plan.summary), to \(line.url), by \(load.generators) generators")
    let isQuiet = json || progress != nil
    var servers = ServerWatchList(line.watches)
    servers.begin()
    if !isQuiet { Terminal.errorLine("load \(load.id) waits for voiceforge generate --target \(line.url)") }
    let observer = LoadCoordinator.Observer(
      isStopped: { milliseconds in
        let isStopped = StopSignal.isReceived(within: milliseconds)
        // The first Ctrl-C ends the load; any further one ends the process at once.
        if isStopped { StopSignal.unblock() }
        return isStopped
      },
      gather: { gathering in
        if progress != nil {
          LoadProgress.showGenerators(
            LoadGathering(wanted: load.generators, joined: gathering.joined, ready: gathering.ready))
        }
        guard !isQuiet else { return }
        Terminal.errorLine("\(gathering.joined) of \(load.generators) generators there, \(gathering.ready) ready")
      },
      tell: { if progress != nil { LoadProgress.showSecond(of: $0) } else { screen.show($0) } },
      servers: { servers.next() })
    let coordinator = LoadCoordinator(load, plan: plan, thresholds: thresholds, in: queue.loads, observer: observer)
    defer { screen.clear() }
    do throws(LoadCoordinator.Fault) {
      return try coordinator.run(waiting: wait ?? Self.usualWait, make)
    } catch {
      throw CommandFault(error, of: load)
    }
  }
}

extension CommandFault {
  /// Why several generators placed no load.
  fileprivate init(_ fault: LoadCoordinator.Fault, of load: SharedLoad) {
    switch fault {
    case .full:
      self.init(
        "there are \(SharedLoadLimits.loadsMax) load tests in the database already: wait for one to end", .unreachable)
    case .store(let why): self.init("the database does not answer: \(why); is it running?", .unreachable)
    case .gone: self.init("the load test is not in the database any more: begin it again", .failed)
    case .tooFew(let count):
      self.init(
        "\(count) of \(load.generators) generators came: start voiceforge generate with the same --target, the same program and the same "
          + "database on each machine, or ask for fewer", .unreachable)
    case .notReady(let generator, let why): self.init("generator \(generator) could not begin: \(why)", .failed)
    case .notReadyInTime(let generators):
      self.init(
        "not ready in time: \(generators.joined(separator: ", ")); see what voiceforge generate says there, or give --wait more",
        .unreachable)
    case .stopped: self.init("no call was placed", .failed)
    case .unreadable(let generator, let why):
      self.init("what generator \(generator) told cannot be read: \(why)", .failed)
    }
  }
}
