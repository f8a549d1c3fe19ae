import ArgumentParser
import LoadTest
import Simulation

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Make one run of the shards, or one load test of those, that several machines held.",
    discussion: """
      EXAMPLES
        voiceforge simulate mycases/ --shard 1/3 --report out/1 --exit-zero    on one machine
        voiceforge simulate mycases/ --shard 2/3 --report out/2 --exit-zero    on another
        voiceforge simulate mycases/ --shard 3/3 --report out/3 --exit-zero    on a third
        voiceforge merge out/1 out/2 out/3 --report out/all                    where their folders come together

      The table, the figures and the reports are those of the same run on one machine, but for the time of day; the page leaves every call \
      folded and plays no sound itself, but leads to the sound files, which are copied. Every shard has to be there, once. Shards of other cases, \
      seeds or repeats are refused.

      Folders of load tests (load --report) become one load test: counts and histograms are added, thresholds are judged over the whole. They are \
      taken as begun at the same moment; \
      `voiceforge load --generators` sees to that itself.
        voiceforge merge load/1 load/2 --report load/all

      Exits 0 when every case passed, 1 when one failed, 2 for wrong input, and 3 when one was invalid or not held (and none failed); for load \
      tests as voiceforge load does.
      """)

  @Argument(help: ArgumentHelp("Folders of reports that simulate --shard wrote, in any order.", valueName: "folder"))
  var folders: [String]
  @Option(help: ArgumentHelp("Write the reports of the whole run into this folder.", valueName: "folder"))
  var report: String?
  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    if let report { try ReportFolder.check(report) }
    let loads = folders.filter(ReportFolder.hasLoad)
    guard loads.isEmpty else {
      guard loads.count == folders.count else {
        let other = folders.first { !loads.contains($0) } ?? ""
        throw CommandFault("\(loads[0]) holds a load test and \(other) does not: merge one kind at a time")
      }
      return try mergeLoads()
    }
    var shards: [(name: String, report: ShardReport)] = []
    for folder in folders { shards.append((folder, try ReportFolder.readShard(in: folder))) }
    let run: MergedRun
    do { run = try MergedRun(shards) } catch { throw CommandFault(error.description) }
    if json { Terminal.line(String(decoding: run.json, as: UTF8.self)) } else { RunScreen.show(run.table) }
    if let report {
      try ReportFolder.write(run, from: folders, to: report)
      if !json { Terminal.line("Reports: \(report)/index.html, report.json, junit.xml") }
    }
    run.summary.exitUnlessPassed()
  }
}

extension MergeCommand {
  private func mergeLoads() throws(CommandFault) {
    var reports: [LoadReport] = []
    for folder in folders { reports.append(try ReportFolder.readLoad(in: folder)) }
    let result = LoadReportMerge.merged(reports)
    if json {
      Terminal.line(String(decoding: LoadJSON.bytes(of: result), as: UTF8.self))
    } else {
      result.show(on: .output)
    }
    if let report {
      try ReportFolder.write(result, to: report)
      if !json { Terminal.line("Reports: \(report)/index.html, load.json, load.csv, junit.xml") }
    }
    LoadCommand.exitUnlessPassed(result.verdict)
  }
}

extension RunSummary {
  /// Ends the process with the code of the worst that happened; returns when every case passed.
  func exitUnlessPassed() {
    if !isUsable { ExitStatus.invalid.exitProcess() }
    if count(.failed) > 0 { ExitStatus.failed.exitProcess() }
    if count(.invalid) > 0 || !notRun.isEmpty { ExitStatus.invalid.exitProcess() }
  }
}
