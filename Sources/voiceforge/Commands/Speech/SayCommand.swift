import ArgumentParser
import CallCore
import CallDriver
import Engines
import FoundationEssentials
import Glibc
import Threads

struct SayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "say",
    abstract: "Speak a text into a sound file.",
    discussion: """
      EXAMPLES
        voiceforge say "Hello, this is a test." --output hello.wav
        voiceforge say "Guten Morgen." --voice espeak:de --output morgen.wav
        voiceforge say - --output story.wav < story.txt    sentence by sentence
        voiceforge say "Hello." --output - | aplay         to the loudspeaker
        voiceforge say "Hello." --output hello.mp3         also .aac, .flac, .opus and .ogg
        voiceforge say --ssml 'Your code is <prosody rate="slow"><say-as interpret-as="digits">4711</say-as></prosody>.' --output code.wav

      The end of the file's name says its format; any other end, and standard output, is WAV.
      """)

  @Argument(help: "What to say; - reads it from standard input.")
  var text: String
  @Option(help: "A voice of `voiceforge voices`.")
  var voice = "heart"
  @Flag(help: "Obey marks of SSML: break, say-as, sub, prosody rate, p, s. Without it tags are silent.")
  var ssml = false
  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write; - is WAV on standard output.", valueName: "file"))
  var output: String

  func run() throws {
    let text = try spokenText()
    let pieces = try pieces(of: text)
    guard !pieces.isEmpty else { throw CommandFault("there is nothing to say in \"\(TextColumns.cut(text, to: 40))\"") }
    try AudioOutput.check(output)
    try AudioOutput.checkFormat(output)
    let engines = try EngineCatalog.load("the voices", try Settings())
    let synthesizer = try VoiceChoice.synthesizer(for: voice, of: engines)
    let start = ContinuousClock.now
    let speech = try speak(pieces, with: synthesizer)
    let took = CallDuration(ContinuousClock.now - start)
    try AudioOutput.write(try AudioOutput.file(of: speech, named: output), to: output)
    let length = SpokenFigures.seconds(.microseconds(speech.microseconds))
    Terminal.errorLine(
      "\(output == "-" ? "" : "\(output): ")\(length) of speech, made in \(SpokenFigures.precise(took))")
  }

  private func spokenText() throws -> String {
    let text = text == "-" ? try Self.standardInput() : text
    guard text.scalarCount <= SpokenParagraph.textMax else {
      throw CommandFault(
        "the text has \(text.scalarCount) characters; at most \(SpokenParagraph.textMax) are spoken: cut it")
    }
    return text
  }

  /// What is said, in words that fit an engine.
  private func pieces(of text: String) throws -> [SynthesisText] {
    let pieces: [SynthesisText]
    if ssml {
      do throws(SSMLFault) { pieces = try SSMLText(text).sentences(voice: voice).map(\.synthesis) } catch {
        throw CommandFault("not SSML as it is understood here: \(error)")
      }
    } else {
      pieces = SpokenParagraph.pieces(of: TextNormalizer.spoken(text, voice: voice)).map { SynthesisText($0) }
    }
    let length = pieces.reduce(0) { $0 + $1.words.scalarCount }
    guard length <= SpokenParagraph.textMax else {
      throw CommandFault(
        "the text has \(length) characters when it is said, numbers and signs in words; at most \(SpokenParagraph.textMax) are "
          + "spoken: cut it")
    }
    return pieces
  }

  private static func standardInput() throws -> String {
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read("-", bytesMax: SpokenParagraph.textMax * 4 + 4) } catch {
      throw CommandFault("cannot read standard input: \(error)")
    }
    // What is longer than that is too long in any case, and may be cut within a character.
    return TextFile.text(of: bytes) ?? String(decoding: bytes, as: UTF8.self)
  }

  private func speak(_ pieces: [SynthesisText], with synthesizer: any SpeechSynthesizer) throws -> PCMBuffer {
    defer { ProgressLine.clear() }
    var parts: [PCMBuffer] = []
    for (index, piece) in pieces.enumerated() {
      ProgressLine.show("speaking \(index + 1) of \(pieces.count): \(piece.words)")
      let part = try synthesizer.speak(piece, voice: voice)
      let isJoined = index + 1 == pieces.count || piece.delivery.pauseAfter != nil
      parts.append(isJoined ? part : part.followedByPause)
    }
    guard let rate = parts.first?.sampleRate else { preconditionFailure("there is at least one piece") }
    return PCMBuffer(sampleRate: rate, samples: parts.flatMap(\.samples))
  }
}

extension EngineCatalog {
  /// Loads the engines while the terminal says so.
  /// - Throws: when a folder of the operator's own models cannot be read; a model that cannot be used is told on standard error.
  static func load(_ what: String, _ settings: Settings) throws(CommandFault) -> EngineCatalog {
    let models = try settings.modelFolder().read()
    let refused = Locked<[String]>([])
    let engines = ProgressLine.during("loading \(what) …") {
      EngineCatalog(folder: settings.engineFolder, models: models) { refusal in
        refused.withLock { $0.append(refusal) }
      }
    }
    for refusal in refused.withLock({ $0 }) { Terminal.errorLine("voiceforge: model \(refusal)") }
    return engines
  }
}

/// Finds the engine of a voice, and says it clearly when there is none.
enum VoiceChoice {
  static func synthesizer(for voice: Voice.ID, of engines: any SpeechEngines) throws -> any SpeechSynthesizer {
    do throws(EngineError) { return try find(voice, in: engines) } catch {
      guard case .unsupported = error else { throw CommandFault("\(error)", .failed) }
      let near = VoiceSearch.near(voice, in: engines.voices)
      let hint = near.isEmpty ? "" : "; near it are \(near.joined(separator: ", "))"
      throw CommandFault("there is no voice \"\(voice)\"\(hint); `voiceforge voices` lists them all")
    }
  }

  private static func find(
    _ voice: Voice.ID, in engines: any SpeechEngines
  ) throws(EngineError) -> any SpeechSynthesizer {
    // A catalog says which file is missing where an engine is.
    if let catalog = engines as? EngineCatalog { return try catalog.synthesizer(for: voice) }
    let synthesizer = try engines.synthesizer()
    guard synthesizer.voices.contains(where: { $0.id == voice }) else { throw .unsupported("the voice \(voice)") }
    return synthesizer
  }
}
