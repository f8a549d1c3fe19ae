import ArgumentParser
import CallCore
import CallServer
import Formats
import JSON

struct CallersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "callers",
    abstract: "List the callers that test cases can name; delete what a running server keeps of one.",
    discussion: """
      EXAMPLES
        voiceforge callers list                age, accent, temper and line of each; a case says `caller: NAME`
        voiceforge callers delete +15550100   calls with their words and recordings, telephone calls, places on campaigns' lists

      To delete needs a key with the scope manage where the server has keys. Numbers on do-not-call lists stay.
      """,
    subcommands: [ListCommand.self, DeleteCommand.self])

  struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the callers that test cases can name.",
      discussion: "They stand in Samples/callers, or in the folder that VOICEFORGE_CALLERS names.")

    func run() throws {
      var table = TextTable(["CALLER", "AGE", "ACCENT", "TEMPER", "LINE", "VOICE", "WHO"])
      for caller in try CallerFiles.library(try Settings()).entries {
        table.add([
          caller.name, caller.age, caller.accent, caller.temper, caller.line, caller.profile.voice, caller.title,
        ])
      }
      table.lines(in: .output).forEach(Terminal.line)
    }
  }

  struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Delete everything of whoever has a telephone number.")

    @OptionGroup var server: KeyServer
    @Argument(help: "The number as E.164 has it, such as +15550100.")
    var number: String
    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
      do throws(PhoneNumber.Fault) { _ = try PhoneNumber(number) } catch { throw CommandFault(error.text) }
      let (document, text) = try server.send("DELETE", "/api/callers/\(number)")
      if json { return Terminal.line(text) }
      func count(_ name: String) -> String { document.text(at: name) ?? "0" }
      Terminal.line(
        "Deleted \(count("calls")) calls with their recordings, \(count("phoneCalls")) telephone calls, \(count("campaignNumbers")) places on "
          + "lists and \(count("traces")) traces.")
      if count("hungUp") != "0" {
        Terminal.line(
          "\(count("hungUp")) calls that went on are hung up; ask again a minute later for what they leave.")
      }
    }
  }
}
