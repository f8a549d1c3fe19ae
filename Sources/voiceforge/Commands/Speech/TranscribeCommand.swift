import ArgumentParser
import CallCore
import CallDriver
import Engines
import Formats
import JSON
import Wires

struct TranscribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transcribe",
    abstract: "Print the words of recordings (English).",
    discussion: """
      EXAMPLES
        voiceforge transcribe hello.wav
        voiceforge transcribe *.wav                 a line for each file
        voiceforge transcribe --json meeting.wav    with the time of each passage
        voiceforge transcribe call.mp3 memo.m4a talk.webm
        voiceforge transcribe --language de anruf.wav   by a model of your own that knows German
        curl -s https://example.com/talk.mp3 | voiceforge transcribe -

      Takes WAV, FLAC, MP3, Ogg (Opus, Vorbis), WebM, M4A, AAC, AIFF, AU and CAF, of any rate and up to 8 channels. The words go to standard output; how long it took goes to \
      standard error.
      """)

  @Argument(help: "Sound files; - is standard input.")
  var files: [String]
  @Option(
    help: "What is spoken, as a BCP 47 tag; languages beside English need a model of your own (VOICEFORGE_MODELS).")
  var language = SpeechLanguage.usual
  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    // All files are read first, so that a bad one is told before minutes of work; they are small beside the engines.
    let inputs = try files.map { name throws(CommandFault) in try AudioInput(name) }
    let transcriber = try Transcriber(language: language, try EngineCatalog.load("the recogniser", try Settings()))
    var all: [Transcription] = []
    for input in inputs {
      let transcription = try transcribe(input, with: transcriber)
      all.append(transcription)
      if !json { Terminal.line((inputs.count > 1 ? "\(input.name): " : "") + transcription.text) }
      Terminal.errorLine(transcription.summary)
    }
    if json { Terminal.line(Document(files: all).jsonText) }
  }

  private func transcribe(_ input: AudioInput, with transcriber: Transcriber) throws(EngineError) -> Transcription {
    defer { ProgressLine.clear() }
    let length = SpokenFigures.seconds(.microseconds(input.audio.microseconds))
    ProgressLine.show("listening to \(input.name) …")
    return try transcriber.transcribe(input) { done in
      ProgressLine.show("listening to \(input.name): \(SpokenFigures.seconds(done)) of \(length)")
    }
  }

  private struct Document: JSONDocument {
    let files: [Transcription]

    func writeMembers(to writer: inout JSONWriter) {
      writer.objects("files", files) { $1.writeMembers(to: &$0) }
    }
  }
}

/// Finds the speech in a recording and recognises it, stretch by stretch.
struct Transcriber {
  private let stretches: SpeechStretches
  private let recognizer: any SpeechRecognizer
  private let language: String

  /// What recognisers listen at.
  private static let sampleRate = 16_000

  init(language: String, _ engines: EngineCatalog) throws(EngineError) {
    self.language = language
    recognizer = try engines.recognizer()
    stretches = SpeechStretches(detector: try engines.makeDetector())
  }

  /// - Parameter progress: told after each stretch how much of the sound is done.
  func transcribe(_ input: AudioInput, progress: (CallDuration) -> Void) throws(EngineError) -> Transcription {
    let start = ContinuousClock.now
    let audio = input.audio
    var transcription = Transcription(
      file: input.name, duration: .microseconds(audio.microseconds), sampleRate: input.sampleRate,
      channels: input.channels)
    let samples = try SpeechResampler.resample(audio, to: Self.sampleRate).samples
    for stretch in try stretches.find(in: samples) {
      progress(Self.instant(stretch.lowerBound))
      let text = try recognizer.transcribe(
        Array(samples[stretch]), language: language, cancellation: CancellationToken())
      guard !text.isEmpty else { continue }
      transcription.segments.append(
        .init(start: Self.instant(stretch.lowerBound), end: Self.instant(stretch.upperBound), text: text))
    }
    transcription.took = CallDuration(ContinuousClock.now - start)
    return transcription
  }

  private static func instant(_ sample: Int) -> CallDuration {
    .microseconds(Int64(sample) * 1_000_000 / Int64(sampleRate))
  }
}

/// What was heard in one file.
struct Transcription {
  /// Words said without a long pause.
  struct Segment {
    var start: CallDuration
    var end: CallDuration
    var text: String
  }

  var file: String
  var segments: [Segment] = []
  var duration: CallDuration
  /// Samples a second in the file.
  var sampleRate: Int
  var channels: Int
  /// Time that resampling, detection and recognition took.
  var took: CallDuration = .zero

  /// All words.
  var text: String { segments.map(\.text).joined(separator: " ") }

  /// Computing time per time of sound: 0.1 is ten times faster than real time.
  var realTimeFactor: Double { took.seconds / max(duration.seconds, 0.001) }

  /// For standard error.
  var summary: String {
    "\(file): \(SpokenFigures.seconds(duration)) of sound in \(SpokenFigures.precise(took)), real-time factor "
      + "\(SpokenFigures.hundredths(realTimeFactor))" + (segments.isEmpty ? "; no speech was found" : "")
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("file", file)
    writer.field("text", text)
    writer.field("durationMs", duration.milliseconds)
    writer.field("sampleRate", sampleRate)
    writer.field("channels", channels)
    writer.field("tookMs", took.milliseconds)
    writer.objects("passages", segments) { writer, segment in
      writer.field("startMs", segment.start.milliseconds)
      writer.field("endMs", segment.end.milliseconds)
      writer.field("text", segment.text)
    }
  }
}
