import ArgumentParser
import CallCore
import JSON
import Formats
import Glibc

/// `voiceforge flow run`.
struct FlowRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Talk to a flow in the terminal, in text.",
    discussion: """
      Type what the caller says. `/keys 123` presses keys, `/silence` says nothing, `/mumble` says something that nobody \
      understands, `/quit` hangs up. Tools are not really called: each fails, and the flow takes that branch.

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
    var console = ConversationConsole(TextConversation(machine)) {
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
