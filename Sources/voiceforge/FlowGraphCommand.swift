import ArgumentParser
import CallCore
import JSON
import Formats

/// `voiceforge flow graph`.
struct FlowGraphCommand: ParsableCommand {
  /// What the picture is made of.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case svg, mermaid, json
  }

  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draw a flow.",
    discussion: """
      EXAMPLES
        voiceforge flow graph Samples/flows/appointment.yaml --output appointment.svg
        voiceforge flow graph Samples/flows/appointment.yaml --format mermaid >> NOTES.md

      EXIT CODES
        0 drawn; 1 the picture cannot be written, as on a full disk; 2 the file is wrong or cannot be read, or the picture cannot be put there
      """)

  @Argument(help: ArgumentHelp("A flow file.", valueName: "file"))
  var file: String

  @Option(help: "svg, mermaid or json (the shape of /api/flows/NAME).")
  var format = Format.svg

  @Option(help: "Where to write it; standard output when absent.")
  var output: String?

  func run() throws {
    let graph = FlowGraph(try FlowFiles.flow(file).flow)
    let text =
      switch format {
      case .svg: graph.svg
      case .mermaid: graph.mermaid
      case .json: try FlowFiles.json(graph) + "\n"
      }
    guard let output else { return TerminalOutput.output.write(text) }
    do throws(ByteFile.Fault) { try ByteFile.write(Array(text.utf8), named: output) } catch {
      throw CommandFault(writing: output, error)
    }
  }
}
