import ArgumentParser
import Foundation

/// The command line: one binary that serves calls, places them, and uses the speech engines.
@main
struct VoiceForge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voiceforge",
    abstract: "A real-time voice call simulator.",
    discussion: """
      EXAMPLES
        voiceforge serve                               serve the page, REST and calls on http://127.0.0.1:8080
        voiceforge call --say "I would like to book"   talk to an agent from the terminal
        voiceforge say "Hello." --output hello.wav     speak into a file
        voiceforge flow check Samples/flows            find what is wrong with agent flows
        voiceforge doctor                              see what is installed and what is missing
      """,
    version: version,
    subcommands: [ServeCommand.self, FlowCommand.self])

  static let version = "0.1.0"
}
