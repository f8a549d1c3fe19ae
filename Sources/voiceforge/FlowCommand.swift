import ArgumentParser

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
