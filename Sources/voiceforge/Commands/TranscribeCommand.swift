import ArgumentParser
import CallCore
import CallDriver
import JSON
import Wires
import Formats
import Engines

/// `voiceforge transcribe`.
struct TranscribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transcribe",
    abstract: "Print the words of recordings (English).",
    discussion: """
      EXAMPLES
        voiceforge transcribe hello.wav
        voiceforge transcribe *.wav                 a line for each file
        voiceforge transcribe --json meeting.wav    with the time of each passage
        sox talk.mp3 -t wav - | voiceforge transcribe -

      Takes WAV files of any common coding, rate and number of channels. The words go to standard output; how long it took goes to \
      standard error.
      """)

  @Argument(help: "WAV files; - is standard input.")
  var files: [String]
  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    // All files are read first, so that a bad one is told before minutes of work; they are small beside the engines.
    let inputs = try files.map { name throws(CommandFault) in try AudioInput(name) }
    let folder = try Settings().engineFolder
    let engines = ProgressLine.during("loading the recogniser …") { EngineCatalog(folder: folder) }
    let transcriber = try Transcriber(engines)
    var all: [Transcription] = []
    for input in inputs {
      let transcription = try transcribe(input, with: transcriber)
      all.append(transcription)
      if !json { Terminal.line((inputs.count > 1 ? "\(input.name): " : "") + transcription.text) }
      Terminal.note(transcription.summary)
    }
    if json { Terminal.line(Document(files: all).jsonText) }
  }

  private func transcribe(_ input: AudioInput, with transcriber: Transcriber) throws(EngineError) -> Transcription {
    defer { ProgressLine.clear() }
    let length = SpokenFigures.seconds(.microseconds(input.file.audio.microseconds))
    ProgressLine.show("listening to \(input.name) …")
    return try transcriber.transcribe(input) { done in
      ProgressLine.show("listening to \(input.name): \(SpokenFigures.seconds(done)) of \(length)")
    }
  }

  private struct Document: JSONDocument {
    let files: [Transcription]

    func writeMembers(to writer: inout JSONWriter) {
      writer.list("files", files) { writer, file in writer.object(file.writeMembers) }
    }
  }
}
