import ArgumentParser
import CallCore
import CallDriver
import CallWire
import Engines

/// `voiceforge voices`.
struct VoicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voices",
    abstract: "List the voices.",
    discussion: """
      EXAMPLES
        voiceforge voices                   all of them; the first is the default
        voiceforge voices --language en     English ones: en, en-GB, en-US …
        voiceforge voices --json            in the shape of GET /api/voices
      """)

  @Option(help: "Only voices of this language (a BCP 47 tag such as en or pt-BR).")
  var language: String?
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let engines = ProgressLine.during("loading the voices …") { EngineCatalog(folder: Settings().engineFolder) }
    let all = engines.voices
    let voices = all.filter { speaks($0.language) }
    guard !voices.isEmpty else {
      let known = Set(all.map { $0.language.prefix { $0 != "-" } }).sorted().joined(separator: " ")
      throw CommandFault("no voice speaks \"\(language ?? "")\"; known languages: \(known)")
    }
    for part in engines.readiness where part.state == .failed && part.name.hasSuffix("Voices") {
      Terminal.note("voiceforge: voices are missing: \(part.detail)")
    }
    if json {
      Terminal.line(VoiceList(defaultVoice: all.first?.id ?? "", voices: voices).jsonText)
    } else {
      show(voices)
    }
  }

  /// `en` takes `en-GB` too, `en-gb` only itself.
  private func speaks(_ tag: String) -> Bool {
    guard let language = language?.lowercased() else { return true }
    return tag.lowercased() == language || tag.lowercased().hasPrefix(language + "-")
  }

  private func show(_ voices: [Voice]) {
    var table = TextTable(["VOICE", "LANGUAGE", "GENDER", "ENGINE", "SOUNDS"])
    for voice in voices { table.add([voice.id, voice.language, voice.gender, voice.engine, voice.description]) }
    for line in table.lines(to: Outlet.output.columns, in: .output) { Terminal.line(line) }
  }
}
