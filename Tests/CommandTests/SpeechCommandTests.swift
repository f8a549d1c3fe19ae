import CallCore
import CallDriver
import JSON
import Foundation
import Testing

@Suite("say, transcribe and voices")
struct SpeechCommandTests {
  @Test("what is said is transcribed again", arguments: ["heart", "heart-low"])
  func roundTrip(voice: String) async throws {
    let scratch = try Scratch()
    let text =
      "Good morning, thank you for calling the city library. Please hold the line while I look for your account."
    let said = try await Command.run("say", text, "--voice", voice, "--output", scratch.file("said.wav"))
    #expect(said.status == 0 && said.output.isEmpty)
    #expect(said.errors.contains("of speech, made in"))
    let heard = try await Command.run("transcribe", scratch.file("said.wav"))
    #expect(heard.status == 0)
    #expect(WordErrorRate(reference: text, heard: heard.output).rate <= 0.1, "\(heard.output)")
    #expect(heard.errors.contains("real-time factor"))
  }

  @Test("marks of SSML are obeyed where they are asked for: a pause of 2 s is heard as time, not as words")
  func marks() async throws {
    let scratch = try Scratch()
    let (plain, marked) = (scratch.file("plain.wav"), scratch.file("marked.wav"))
    let text = "Good morning, <break time=\"2s\"/> this is the city library."
    #expect(try await Command.run("say", text, "--output", plain).status == 0)
    #expect(try await Command.run("say", "--ssml", text, "--output", marked).status == 0)
    let sizes = try [plain, marked].map { try Data(contentsOf: URL(filePath: $0)).count }
    #expect(sizes[1] - sizes[0] > 2 * 24_000 * 3 / 2, "\(sizes)")
    let bad = try await Command.run("say", "--ssml", "Hi <audio/>", "--output", marked)
    #expect(bad.status == 2 && bad.errors.contains("`<audio>` at character 4 is not understood here"), "\(bad.errors)")
    let many = try await Command.run("say", String(repeating: "7 ", count: 9_000), "--output", marked)
    #expect(many.status == 2 && many.errors.contains("characters when it is said"), "\(many.errors)")
  }

  @Test("sound and text go through pipes")
  func pipes() async throws {
    let scratch = try Scratch()
    let text = try scratch.write("The weather is going to be warm\nand sunny this weekend.\n", to: "text")
    let binary = VoiceForgeBinary.url.path()
    let script = "'\(binary)' say - --output - < '\(text)' 2> /dev/null | '\(binary)' transcribe -"
    let ended = try await Command.shell(script)
    #expect(ended.status == 0)
    #expect(
      WordErrorRate(reference: "The weather is going to be warm and sunny this weekend.", heard: ended.output).rate
        <= 0.1, "\(ended.output)")
  }

  @Test("a human reader is transcribed, at 48 kHz and over half a minute")
  func human() async throws {
    let ended = try await Command.run("transcribe", "--json", TwoCities.path, within: .seconds(60))
    #expect(ended.status == 0)
    guard case .array(let files)? = try JSONValue(parsing: ended.output)["files"], let file = files.first else {
      Issue.record("no files in \(ended.output)")
      return
    }
    #expect(WordErrorRate(reference: TwoCities.text, heard: file.text(at: "text") ?? "").rate <= 0.1, "\(file)")
    #expect(file["sampleRate"]?.wholeNumber == 48_000)
    guard case .array(let segments)? = file["passages"] else { return #expect(Bool(false), "no passages") }
    let starts = segments.compactMap { $0["startMs"]?.wholeNumber }
    #expect(starts.count == segments.count && starts == starts.sorted())
  }

  @Test("silence and noise have no words", arguments: [0, 500])
  func noise(level: Int) async throws {
    let scratch = try Scratch()
    var generator = SystemRandomNumberGenerator()
    let samples = (0..<48_000).map { _ in Int16.random(in: Int16(-level)...Int16(level), using: &generator) }
    let file = try scratch.write(WAVFile.bytes(PCMBuffer(sampleRate: 16_000, samples: samples)), to: "noise.wav")
    let ended = try await Command.run("transcribe", file)
    #expect(ended.status == 0)
    #expect(ended.output == "\n")
    #expect(ended.errors.contains("no speech was found"))
  }

  @Test("several files have a line each, with their names")
  func severalFiles() async throws {
    let scratch = try Scratch()
    let file = scratch.file("a.wav")
    _ = try await Command.run("say", "I want to cancel my appointment.", "--output", file)
    let ended = try await Command.run("transcribe", file, file)
    let lines = ended.output.split(separator: "\n")
    #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("\(file): ") }, "\(ended.output)")
  }

  @Test("voices are listed as a table and as JSON")
  func voices() async throws {
    let table = try await Command.run("voices", "--language", "en")
    #expect(table.status == 0)
    #expect(table.output.hasPrefix("VOICE ") && table.output.contains("\nheart-low "))
    #expect(!table.output.contains("espeak:de"))
    let json = try await Command.run("voices", "--json")
    let document = try JSONValue(parsing: json.output)
    #expect(document.text(at: "default") == "heart")
    guard case .array(let voices)? = document["voices"] else { return #expect(Bool(false), "no voices") }
    #expect(voices.count > 50)
    #expect(voices.allSatisfy { $0.text(at: "id") != nil && $0.text(at: "language") != nil })
  }

  @Test("voices are filtered by gender and engine too; what is not there is said with what is near it")
  func filters() async throws {
    let women = try await Command.run("voices", "--gender", "female", "--engine", "hibari", "--json")
    guard case .array(let voices)? = try JSONValue(parsing: women.output)["voices"] else {
      return #expect(Bool(false), "no voices")
    }
    #expect(voices.count >= 5)
    #expect(voices.allSatisfy { $0.text(at: "gender") == "female" && $0["pitchHz"]?.wholeNumber ?? 0 > 100 })
    let none = try await Command.run("voices", "--gender", "green")
    #expect(none.status == 2 && none.errors.contains("genders: female male neutral"))
    let scratch = try Scratch()
    let unknown = try await Command.run("say", "Hello.", "--voice", "hart-low", "--output", scratch.file("a.wav"))
    #expect(unknown.status == 2 && unknown.errors.contains("near it are heart-low"), "\(unknown.errors)")
  }
}
