import ArgumentParser
import CallCore
import CallDriver
import Cluster
import Engines
import JSON
import Simulation

extension SimulateCommand {
  /// Most calls of a chunk: some minutes of one core, which are lost with their worker.
  private static let chunkMax = 1000

  /// What does not go with `--queue`, and why.
  func validateQueue() throws(ValidationError) {
    guard queue else {
      guard chunk == nil, queueDatabase.database == nil, collect == nil else {
        throw ValidationError("--chunk and --database are for --queue, and so is --collect: add it, or leave them out")
      }
      return
    }
    guard !text else {
      throw ValidationError(
        "--text needs no queue: 100,000 calls without sound take 43 s on one core; leave out --queue")
    }
    let strangers: [(isThere: Bool, why: String)] = [
      (live || target != nil, "--live and --target: workers hold calls in virtual time"),
      (shard != nil, "--shard: the queue deals the calls"),
      (jobs != nil, "--jobs: it is for voiceforge work"),
      (failFast, "--fail-fast: workers hold calls at the same time"),
      (
        llm != nil || explore != nil || calibration != nil,
        "--llm, --explore and --calibration: what a language model says is on one machine; use --shard with --llm replay"
      ),
    ]
    if let stranger = strangers.first(where: \.isThere) {
      throw ValidationError("--queue does not go with \(stranger.why)")
    }
    guard (1...Self.chunkMax).contains(chunk ?? 1) else {
      throw ValidationError("--chunk takes 1 to \(Self.chunkMax)")
    }
  }

  /// Has the calls held by workers, and shows what came of them as if they had been held here.
  func runQueued(_ plan: RunPlan, _ library: FlowLibrary, _ settings: Settings) throws {
    try checkEngines(for: plan, library, settings)
    let program = try ProgramIdentity(settings)
    let queue = try queueDatabase.open(settings)
    defer { queue.close() }
    let sources = try FlowFolder.sources(flows ?? settings.flowFolder)
    let told: QueuedRunPlan
    do throws(WireFault) {
      told = try QueuedRunPlan(plan, flows: sources, today: today, endOfTurn: endOfTurn)
    } catch { throw CommandFault(error.message) }
    let simulation = try QueuedSimulation(
      told, id: collect, chunk: chunk ?? ChunkQueueLimits.chunkCalls, program: program, in: queue, isQuiet: json)
    if collect == nil { try simulation.submit() } else { try simulation.find() }
    let run: MergedRun
    do {
      run = try simulation.result()
      try showResult(run, simulation)
    } catch {
      simulation.leave()
      throw error
    }
    simulation.close()
    if exitZero, run.summary.notRun.isEmpty { return }
    run.summary.exitUnlessPassed()
  }

  private func showResult(_ run: MergedRun, _ simulation: QueuedSimulation) throws(CommandFault) {
    if json { Terminal.line(String(decoding: run.json, as: UTF8.self)) } else { RunScreen.show(run.table) }
    guard let report else { return }
    try ReportFolder.write(run, to: report) { name throws(CommandFault) in try simulation.file(name) }
    if !json { Terminal.line("Reports: \(report)/index.html, report.json, junit.xml") }
  }

  /// Whether the calls could be held here: workers have the same engines.
  private func checkEngines(for plan: RunPlan, _ library: FlowLibrary, _ settings: Settings) throws(CommandFault) {
    _ = try meaning(for: plan, library, settings)
    let engines = try EngineCatalog.load("the speech engines", settings)
    if let trouble = engines.trouble { throw CommandFault(trouble, .failed) }
    try checkTurnDetector(engines, library)
  }
}
