import CallCore
import CallDriver
import FoundationEssentials
import Glibc
import Simulation
import Threads

/// Shows a run while it goes on, and what came of it.
struct RunScreen {
  /// Whether nothing is to be shown.
  let isQuiet: Bool

  /// Runs the plan; Ctrl-C lets the calls that are under way end and begins no more.
  /// - Parameters:
  ///   - judge: for what a language model decides.
  ///   - meaning: for what is to be similar in meaning.
  ///   - sounds: takes the sound of each call; `nil`: none is kept.
  func run(
    _ plan: RunPlan, callRunner: any CallRunner, judge: ModelJudge? = nil, meaning: (any MeaningComparer)? = nil,
    sounds: CallSoundFolder? = nil, jobs: Int
  ) -> SimulationRun {
    let began = ContinuousClock.now
    let startedAt = Int64(Date().timeIntervalSince1970 * 1_000_000)
    let finished = Locked<SimulationRun?>(nil)
    var store: (@Sendable (inout CaseResult) -> Bool)?
    if let sounds { store = { result in sounds.store(&result) } }
    let runner = SimulationRunner(
      plan: plan, callRunner: callRunner, judge: judge, meaning: meaning, store: store
    ) { progress in
      guard !isQuiet else { return }
      ProgressLine.show(Self.line(progress, spent: CallDuration(ContinuousClock.now - began).seconds))
    }
    let pool = WorkerPool(threadCount: 1, niceness: 0)
    let isTaken = pool.submit(.waitedFor) {
      let run = runner.run(jobs: jobs)
      finished.withLock { $0 = run }
    }
    precondition(isTaken, "a new pool takes work")
    while finished.withLock({ $0 == nil }) {
      if StopSignal.isReceived(within: 20) { runner.stop() }
    }
    pool.finish()
    ProgressLine.clear()
    guard var run = finished.withLock({ $0 }) else { preconditionFailure("the run is over and brought nothing") }
    run.startedAtUnixMicroseconds = startedAt
    run.wallMicroseconds = CallDuration(ContinuousClock.now - began).microseconds
    return run
  }

  private static func line(_ progress: RunProgress, spent: Double) -> String {
    var parts = ["\(progress.done) of \(progress.all) calls", "\(progress.running) running"]
    if progress.failed > 0 { parts.append("\(progress.failed) failed") }
    if progress.invalid > 0 { parts.append("\(progress.invalid) invalid") }
    if progress.done > 0 {
      let left = spent / Double(progress.done) * Double(progress.all - progress.done)
      parts.append("\(Int(left.rounded())) s left")
    }
    return parts.joined(separator: " · ")
  }

  /// The table, the failures with the commands that repeat them, and the sum.
  func show(_ run: SimulationRun) { Self.show(RunTable(run)) }

  static func show(_ figures: RunTable) {
    let output = TerminalOutput.output
    var table = TextTable(RunTable.head)
    for row in figures.rows { table.add(row) }
    for (index, line) in table.lines(in: output).enumerated() {
      output.line(index == 0 ? line : coloured(line, figures.verdicts[index - 1], output))
    }
    for failure in figures.failures {
      output.line("")
      output.line(coloured("\(RunTable.mark(failure.verdict)) \(failure.name)", failure.verdict, output))
      for reason in failure.reasons { output.line("  \(reason)") }
      output.line(output.dim("  again: \(failure.replay)"))
    }
    for note in figures.notes { output.line(output.dim(note)) }
    output.line("")
    output.line(output.bold(figures.summary))
  }

  static func coloured(_ line: String, _ verdict: Verdict, _ output: TerminalOutput) -> String {
    switch verdict {
    case .passed: line
    case .failed: output.red(line)
    case .invalid: output.yellow(line)
    }
  }
}
