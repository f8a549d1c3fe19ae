import ArgumentParser
import CallCore
import Engines
import Formats
import RemoteServices
import Glibc
import JSON

/// `voiceforge flow`: checks flow files, draws them, and runs them as a text conversation.
struct FlowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flow",
    abstract: "Check, draw and try out agent flows.",
    discussion: """
      A flow is what the agent does in a call, as a YAML file. Samples/flows/README.md describes the format.

      EXAMPLES
        voiceforge flow check Samples/flows
        voiceforge flow graph Samples/flows/appointment.yaml --output appointment.svg
        voiceforge flow run Samples/flows/appointment.yaml --set today=2026-05-01
      """,
    subcommands: [FlowCheckCommand.self, FlowGraphCommand.self, FlowRunCommand.self])
}

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
    let hasMeaning = MiniLMComparer(folder: try Settings().engineFolder).isInstalled
    let results = files.own.map {
      (
        file: $0.file,
        result: FlowReader.read($0.text, file: $0.file, knownFlows: files.flowNames, hasMeaning: hasMeaning)
      )
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
      case .svg: graph.svg()
      case .mermaid: graph.mermaid
      case .json: try FlowFiles.json(graph) + "\n"
      }
    guard let output else { return TerminalOutput.output.write(text) }
    do throws(ByteFile.Fault) { try ByteFile.write(Array(text.utf8), named: output) } catch {
      throw CommandFault(writing: output, error)
    }
  }
}

struct FlowRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Talk to a flow in the terminal, in text.",
    discussion: """
      Type what the caller says. `/keys 123` presses keys, `/silence` says nothing, `/mumble` says something that nobody \
      understands, `/quit` hangs up. Tools are not really called: each fails, and the flow takes that branch. A language model is asked where \
      ENABLE_LLM and OPENAI_MODEL say so.

      EXAMPLES
        voiceforge flow run Samples/flows/appointment.yaml --set today=2026-05-01
        printf 'book\\ntomorrow\\nnoon\\nyes\\nAda\\nyes\\n' | voiceforge flow run Samples/flows/appointment.yaml --json

      EXIT CODES
        0 the flow ended or the caller hung up; 2 the file is wrong or cannot be read
      """)

  @Argument(help: ArgumentHelp("A flow file. Flows beside it can be transferred to.", valueName: "file"))
  var file: String

  @Option(name: .customLong("set"), help: ArgumentHelp("Give a variable a value.", valueName: "name=value"))
  var variables: [String] = []

  @Option(help: "The call's own number; it makes the variable `reference`.")
  var seed: UInt64 = 0

  @Flag(help: "Print the whole conversation as one JSON object at its end.")
  var json = false

  func validate() throws {
    if let wrong = variables.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
      throw ValidationError("--set takes name=value, not \(wrong)")
    }
    if let wrong = variables.first(where: { $0.hasPrefix("today=") && CalendarDate(String($0.dropFirst(6))) == nil }) {
      throw ValidationError("--set today= takes a day such as 2026-03-02, not \(wrong.dropFirst(6))")
    }
  }

  func run() throws {
    let (flow, library) = try FlowFiles.flow(file)
    let values = variables.map {
      $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }
    let machine = FlowMachine(
      flow: flow, library: library, seed: seed,
      variables: Dictionary(values.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 }))
    let isTyped = isatty(STDIN_FILENO) == 1
    let isQuiet = json
    let model = try Settings().modelService().map { RemoteModel($0) }
    defer { model?.stop() }
    let meaning = MiniLMComparer(folder: try Settings().engineFolder)
    let conversation = TextConversation(
      machine,
      askModel: { question in
        guard let model else { return .failure(ModelFault(.missing, "no language model in text mode")) }
        let whole = model.wholeAnswer(to: question)
        if let fault = whole.fault { return .failure(fault) }
        return .success(whole.pieces.reduce(into: ModelAnswer()) { $0.add($1.delta) })
      },
      compare: { question in
        do throws(EngineError) { return try meaning.similarities(question) } catch {
          Terminal.errorLine("what was said cannot be understood by its meaning: \(error)")
          return nil
        }
      })
    var console = ConversationConsole(conversation) {
      if isTyped, !isQuiet { TerminalOutput.output.write("caller  ") }
      let line = readLine()
      if !isTyped, !isQuiet, let line { Terminal.line("caller  \(line)") }
      return line
    } show: {
      if !isQuiet { Terminal.line($0) }
    }
    console.run()
    if json { Terminal.line(try FlowFiles.json(ConversationTranscript(console.conversation))) }
  }
}
