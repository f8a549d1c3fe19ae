import ArgumentParser
import CallCore
import Engines
import FoundationEssentials
import Glibc

/// The command line: one binary that serves calls, places them, and uses the speech engines.
@main
struct VoiceForge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voiceforge",
    abstract: "A real-time voice call simulator.",
    discussion: """
      EXAMPLES
        voiceforge serve                             page, REST and calls on port 8080
        voiceforge call --say "I want to book."      talk to an agent from here
        voiceforge simulate Samples/testcases        run test cases with simulated callers
        voiceforge merge out/1 out/2 out/3           make one run of the shards of several machines
        voiceforge work                              hold the calls of simulate --queue
        voiceforge judge kept.yaml                   try a language model as a judge of calls
        voiceforge load --calls 50 --hold 60s        find out how many calls a server holds
        voiceforge generate --target ws://host/v1/call    place a part of the calls of load --generators
        voiceforge say "Hello." --output hello.wav   speak into a file
        voiceforge transcribe hello.wav              print the words of a recording
        voiceforge flow check Samples/flows          find what is wrong with agent flows
        voiceforge migrate --status                  see how the tables of a database stand
        voiceforge keys list                         who may use a server
        voiceforge secrets rotate                    seal the credentials of telephone providers with a new key
        voiceforge callers delete +15550100          delete what a server keeps of one caller
        voiceforge openapi                           print the OpenAPI document of the server
        voiceforge replay call.jsonl                 repeat a traced call's decisions and compare them
        voiceforge doctor                            see what is missing

      EXIT CODES
        0 all passed; 1 a call, a check or an engine failed; 2 wrong usage or input; 3 the result is invalid; 4 the target could \
      not be reached.
      """,
    version: version,
    subcommands: [
      ServeCommand.self, CallCommand.self, SimulateCommand.self, MergeCommand.self, WorkCommand.self, JudgeCommand.self,
      LoadCommand.self, GenerateCommand.self, SayCommand.self,
      TranscribeCommand.self, VoicesCommand.self,
      ReplayCommand.self, FlowCommand.self, KeysCommand.self, MigrateCommand.self, SecretsCommand.self,
      CallersCommand.self,
      OpenAPICommand.self,
      DoctorCommand.self,
    ])

  static let version = "0.1.0"

  /// ArgumentParser's own complaints begin like ours.
  static var _errorPrefix: String { "voiceforge: " }

  static func main() {
    TerminalOutput.prepare()
    let arguments = Array(CommandLine.arguments.dropFirst())
    EngineChild.runIfAsked(arguments)
    do {
      try checkName(arguments.first)
      var command = try parseAsRoot(arguments)
      try command.run()
      ExitStatus.passed.exitProcess()
    } catch let fault as CommandFault {
      fault.exitProcess()
    } catch let error as EngineError {
      CommandFault(error.description, .failed).exitProcess()
    } catch {
      // ArgumentParser would leave with 64 (EX_USAGE) after wrong usage; ours is 2.
      if let code = error as? ExitCode { ExitStatus.exitProcess(code.rawValue) }
      exitProcess(fullMessage(for: error), exitCode(for: error))
    }
  }

  /// Says what ArgumentParser has to say: help on standard output, complaints on standard error.
  private static func exitProcess(_ message: String, _ code: ExitCode) -> Never {
    if !message.isEmpty { if code.isSuccess { Terminal.line(message) } else { Terminal.errorLine(message) } }
    ExitStatus.exitProcess(code == .validationFailure ? ExitStatus.wrongInput.rawValue : code.rawValue)
  }

  /// ArgumentParser calls a misspelt command an unexpected argument.
  private static func checkName(_ name: String?) throws {
    guard let name, !name.hasPrefix("-"), name != "help" else { return }
    let known = configuration.subcommands.map { $0._commandName }
    guard known.contains(name) else {
      throw CommandFault(
        "there is no command '\(name)'; there are \(known.joined(separator: ", ")) (voiceforge --help says what each does)"
      )
    }
  }
}
