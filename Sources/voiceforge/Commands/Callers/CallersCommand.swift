import ArgumentParser
import CallServer
import JSON

struct CallersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "callers",
    abstract: "Delete what a running server keeps of one caller.",
    discussion: """
      EXAMPLES
        voiceforge callers delete +15550100   calls with their words and recordings, telephone calls, places on campaigns' lists

      Needs a key with the scope manage where the server has keys. Numbers on do-not-call lists stay.
      """,
    subcommands: [DeleteCommand.self])

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
