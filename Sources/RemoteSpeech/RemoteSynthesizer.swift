import CallCore
import CallDriver
import JSON
import WebSockets

/// Text to speech by the service: `POST audio/speech` in OpenAI's shape. Blocks its thread within `RemoteTimes`.
///
/// Each sentence is a request of its own, so the first one plays while the others are made. WAV is asked for, because it says its
/// rate; what comes is brought to the one rate that the voices promise, and the silence around it is cut.
final class RemoteSynthesizer: SpeechSynthesizer {
  /// The rate of every voice: that of our nodes and of OpenAI.
  static let sampleRate = 24_000
  /// Longest text of one request, as the port has it.
  private static let charactersMax = 500
  /// Largest answer that is read: three minutes at 24 kHz, which nobody needs for 500 characters.
  private static let answerBytesMax = 8 << 20

  private let line: RemoteSpeechClient
  private let voiceList: RemoteVoices
  private let sounds: any SoundFormats

  init(_ line: RemoteSpeechClient, voices: RemoteVoices, sounds: any SoundFormats) {
    self.line = line
    voiceList = voices
    self.sounds = sounds
  }

  var voices: [Voice] { voiceList.voices }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try synthesize(text, voice: voice, style: .plain)
  }

  /// OpenAI's endpoint knows a rate and no pitch.
  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    guard let name = voiceList.name(of: voice) else { throw .unsupported("the voice \(voice)") }
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { throw .unsupported("text without words") }
    guard text.scalarCount <= Self.charactersMax else {
      throw .unsupported("a text of \(text.scalarCount) characters; at most \(Self.charactersMax) are spoken at once")
    }
    guard style.pitchPercent == 100 else { throw .unsupported("the voice \(voice) at another pitch") }
    guard SpeakingStyle.range.contains(style.ratePercent) else {
      throw .unsupported("a rate of \(style.ratePercent) %")
    }
    let times = line.service.times
    let request = line.request(
      "POST", url: line.service.base + "/audio/speech", headers: [("content-type", "application/json")],
      body: body(text, name, ratePercent: style.ratePercent), answerMax: times.speechAnswerMax, max: times.speechMax,
      bytesMax: Self.answerBytesMax)
    let speech = try line.ask(RemoteSpeechClient.Question(kind: .synthesis, request: request), read: Self.sound)
    let trimmed = SilenceTrimmer.trim(try sounds.resample(speech, to: Self.sampleRate))
    guard !trimmed.samples.isEmpty else { throw .unsupported("text without words that \(voice) can say") }
    return trimmed
  }

  /// Nothing but what OpenAI's reference names.
  private func body(_ text: String, _ voice: String, ratePercent: Int) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("model", line.service.speechModel)
      writer.field("input", text)
      writer.field("voice", voice)
      writer.field("response_format", "wav")
      if ratePercent != 100 { writer.field("speed", JSONValue.number(Double(ratePercent) / 100)) }
    }
    return writer.bytes
  }

  private static func sound(in response: HTTPClientResponse) throws(RemoteFault) -> PCMBuffer {
    let file: WAVFile
    do throws(WAVError) { file = try WAVFile(parsing: response.body) } catch {
      throw .rubbish("its speech is no WAV file that can be used (\(error))")
    }
    guard !file.isTruncated else { throw .rubbish("its speech is shorter than it claims") }
    return file.audio
  }
}
