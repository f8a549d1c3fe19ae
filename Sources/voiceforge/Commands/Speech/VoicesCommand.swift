import ArgumentParser
import CallCore
import CallDriver
import Engines
import Formats
import JSON

struct VoicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voices",
    abstract: "List the voices.",
    discussion: """
      EXAMPLES
        voiceforge voices                   all of them; the first is the default
        voiceforge voices --language en     English ones: en, en-GB, en-US …
        voiceforge voices --gender female --engine hibari
        voiceforge voices --json            in the shape of GET /api/voices
      """)

  @Option(help: "Only voices of this language (a BCP 47 tag such as en or pt-BR).")
  var language: String?
  @Option(help: "Only voices of this gender: female, male or neutral.")
  var gender: String?
  @Option(help: "Only voices of this engine: hibari, espeak-ng, flite or sherpa-onnx.")
  var engine: String?
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let engines = try EngineCatalog.load("the voices", try Settings())
    let all = engines.voices
    let filter = VoiceFilter(language: language, gender: gender, engine: engine)
    let voices = all.filter(filter.matches)
    guard !voices.isEmpty else { throw CommandFault(Self.noMatchMessage(for: filter, among: all)) }
    for part in engines.readiness where part.state == .failed && part.name.hasSuffix("Voices") {
      Terminal.errorLine("voiceforge: voices are missing: \(part.detail)")
    }
    if json {
      Terminal.line(JSONObject.voices(voices, defaultVoice: all.first?.id ?? "").jsonText)
    } else {
      show(voices)
    }
  }

  private static func noMatchMessage(for filter: VoiceFilter, among all: [Voice]) -> String {
    func known(_ values: [String]) -> String { Set(values).sorted().joined(separator: " ") }
    if let language = filter.language, !all.contains(where: VoiceFilter(language: language).matches) {
      let languages = known(all.map { String($0.language.prefix { $0 != "-" }) })
      return "no voice speaks \"\(language)\"; known languages: \(languages)"
    }
    return "no voice is like that; genders: \(known(all.map(\.gender))); engines: \(known(all.map(\.engine)))"
  }

  private func show(_ voices: [Voice]) {
    var table = TextTable(["VOICE", "LANGUAGE", "GENDER", "PITCH", "ENGINE", "SOUNDS"])
    for voice in voices {
      let pitch = voice.pitchHz.map { "\($0) Hz" } ?? ""
      table.add([voice.id, voice.language, voice.gender, pitch, voice.engine, voice.description])
    }
    table.lines(in: .output).forEach(Terminal.line)
  }
}
