import ArgumentParser
import CallCore
import Simulation

struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Try a language model as a judge on kept calls of which the answer is known.",
    discussion: """
      EXAMPLES
        voiceforge judge kept.yaml                             ask the model of OPENAI_BASE_URL
        voiceforge judge kept.yaml --llm record                the same, and keep what it says
        voiceforge judge Samples/llm/calibration/front-desk.yaml --llm replay --recordings Samples/llm/recordings
        voiceforge simulate cases.yaml --llm live --calibration kept.yaml

      A file lists calls: what was said, a statement about the agent, and whether it is true. Each statement is asked as `judged` of a test \
      case is: yes, no or cannot tell, with a quote that code finds in the call; a no is asked again. Try a model before you trust it, and again \
      when it or the calls change; --calibration of simulate does so before the first call. Sources/Documentation.docc/JudgingCalls.md \
      describes the file.

      Exits 0 when every call was judged right, 1 when one was misjudged, 2 for wrong input, and 3 when one was left unjudged (and none misjudged).
      """)

  @Argument(help: ArgumentHelp("Files of kept calls.", valueName: "file"))
  var files: [String]
  @Option(help: ArgumentHelp("What the language model says: \(ModelRecordings.Mode.words).", valueName: "mode"))
  var llm = ModelRecordings.Mode.live
  @Option(help: ArgumentHelp("Folder of what it said, a file for each set.", valueName: "folder"))
  var recordings = ModelRecordings.usualFolder
  @Flag(help: "With --llm record: keep every digit masked.")
  var mask = false
  @Flag(help: "Print one JSON document at the end.")
  var json = false

  func run() throws {
    let sets = try files.map(CalibrationFile.read)
    for (index, set) in sets.enumerated() {
      if let other = sets[..<index].first(where: { $0.id == set.id }) {
        throw CommandFault(
          "\(set.file) and \(other.file) have the same id \(set.id): write another `id` in one of them")
      }
    }
    let models = try ModelRecordings(
      llm, folder: recordings, masksDigits: mask, cases: sets.map(\.id), settings: Settings())
    let judge = ModelJudge(models)
    let results = sets.map { CalibrationScreen.run($0, with: judge) }
    if json {
      Terminal.line(String(decoding: CalibrationReport.bytes(of: results), as: UTF8.self))
    } else {
      for result in results { CalibrationScreen.show(result) { Terminal.line($0) } }
    }
    for line in try models.finish() { Terminal.errorLine(line) }
    if results.contains(where: { $0.count(.failed) > 0 }) { ExitStatus.failed.exitProcess() }
    if results.contains(where: { !$0.isSound }) { ExitStatus.invalid.exitProcess() }
  }
}

/// Shows how a judge does on kept calls.
enum CalibrationScreen {
  /// Judges them; how far that is stands on the terminal meanwhile.
  static func run(_ set: CalibrationSet, with judge: ModelJudge) -> CalibrationResult {
    defer { ProgressLine.clear() }
    return judge.calibrate(set) { ProgressLine.show("\($0) of \(set.calls.count) kept calls judged") }
  }

  /// A table, and the sum.
  static func show(_ result: CalibrationResult, to write: (String) -> Void) {
    let output = TerminalOutput.output
    var table = TextTable(CalibrationResult.head)
    let rows = result.rows
    for row in rows { table.add(row.cells) }
    for (index, line) in table.lines(in: output).enumerated() {
      write(index == 0 ? line : RunScreen.coloured(line, rows[index - 1].verdict, output))
    }
    write("\(result.id): \(result.summary)")
  }
}
