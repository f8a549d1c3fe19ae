import ArgumentParser
import CallCore
import JSON
import Formats

/// `voiceforge flow check`.
struct FlowCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find everything that is wrong with flow files.",
    discussion: """
      Every fault is listed with its file, line and column and what to do. Transfers may lead to any flow among the files and \
      beside them.

      EXAMPLES
        voiceforge flow check Samples/flows
        voiceforge flow check menu.yaml orders.yaml --json

      EXIT CODES
        0 nothing is wrong; 2 something is, or a file cannot be read
      """)

  @Argument(help: ArgumentHelp("Flow files, or folders of .yaml files.", valueName: "file"))
  var files: [String]

  @Flag(help: "Print one JSON object instead of lines.")
  var json = false

  func run() throws {
    let files = try FlowFiles(self.files)
    let results = files.own.map {
      (file: $0.file, result: FlowReader.read($0.text, file: $0.file, knownFlows: files.flowNames))
    }
    let faults =
      results.flatMap { entry -> [FileFault] in
        if case .failure(let faults) = entry.result { faults.faults } else { [] }
      } + files.duplicates
    if json {
      Terminal.line(try FlowFiles.json(Report(files: results.map(\.file), faults: faults)))
    } else {
      for entry in results {
        guard case .success(let flow) = entry.result else { continue }
        Terminal.line("\(entry.file): flow `\(flow.name)`, \(flow.states.count) states, nothing wrong")
      }
      faults.forEach { Terminal.line($0.description) }
    }
    if !faults.isEmpty { throw ExitCode(2) }
  }

  /// What `--json` prints.
  private struct Report: Encodable {
    var files: [String]
    var faults: [FileFault]
  }
}
