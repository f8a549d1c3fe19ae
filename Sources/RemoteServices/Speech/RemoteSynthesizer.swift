import CallCore
import CallDriver
import JSON
import Threads
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

  private let client: RemoteSpeechClient
  private let voiceList: RemoteVoices
  private let sounds: any SoundFormats

  init(_ client: RemoteSpeechClient, voices: RemoteVoices, sounds: any SoundFormats) {
    self.client = client
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
    let times = client.service.times
    let request = client.request(
      "POST", url: client.service.base + "/audio/speech", headers: [("content-type", "application/json")],
      body: body(text, name, ratePercent: style.ratePercent), answerMax: times.speechAnswerMax, max: times.speechMax,
      bytesMax: Self.answerBytesMax)
    let speech = try client.ask(RemoteSpeechClient.Question(kind: .synthesis, request: request), read: Self.sound)
    let trimmed = SilenceTrimmer.trim(try sounds.resample(speech, to: Self.sampleRate))
    guard !trimmed.samples.isEmpty else { throw .unsupported("text without words that \(voice) can say") }
    return trimmed
  }

  /// Nothing but what OpenAI's reference names.
  private func body(_ text: String, _ voice: String, ratePercent: Int) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("model", client.service.speechModel)
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
      throw .malformed("its speech is no WAV file that can be used (\(error))")
    }
    guard !file.isTruncated else { throw .malformed("its speech is shorter than it claims") }
    return file.audio
  }
}

/// The voices of the service, as far as they are known.
final class RemoteVoices: Sendable {
  /// Voices taken from one service; further ones are left out. Nodes of ours have some 300.
  private static let countMax = 1000
  /// Largest list that is read.
  private static let listBytesMax = 4 << 20
  /// OpenAI's names, for services that have no list of voices. The first is the default.
  private static let commonNames = [
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse",
  ]

  private let client: RemoteSpeechClient
  /// In front of the ids, so that they are nobody else's.
  private let prefix: String
  private let kept: Locked<[Voice]>

  init(_ client: RemoteSpeechClient, prefix: String) {
    self.client = client
    self.prefix = prefix
    kept = Locked(client.service.voices.map { Self.voice(named: $0, prefix: prefix) })
  }

  var voices: [Voice] { kept.withLock { $0 } }

  /// As the service calls it; `nil` when there is none.
  func name(of voice: Voice.ID) -> String? {
    kept.withLock { voices in voices.contains { $0.id == voice } } ? String(voice.dropFirst(prefix.count)) : nil
  }

  /// Asks the service for its list, unless the settings name the voices. Blocks.
  func refresh() {
    guard client.service.voices.isEmpty else { return }
    let times = client.service.times
    let request = client.request(
      "GET", url: client.service.voicesURL, answerMax: times.lookMax, max: times.lookMax, bytesMax: Self.listBytesMax)
    let found: [Voice]
    do throws(RemoteFault) { found = Self.list(in: try client.probe(request), prefix: prefix) } catch {
      return  // the old list stays; whether the service is away is found out elsewhere
    }
    let names = Self.commonNames.map { Self.voice(named: $0, prefix: prefix) }
    kept.withLock { $0 = found.isEmpty ? ($0.isEmpty ? names : $0) : found }
  }

  /// The shape of `GET /api/voices`; empty for anything else. The default comes first.
  private static func list(in response: HTTPClientResponse, prefix: String) -> [Voice] {
    guard response.status == 200 else { return [] }
    let document: JSONValue
    do throws(JSONFault) { document = try JSONValue(parsing: response.body) } catch { return [] }
    guard case .array(let rows)? = document["voices"] else { return [] }
    let voices = rows.prefix(countMax).compactMap { voice(in: $0, prefix: prefix) }
    guard let first = document.text(at: "default").map({ prefix + $0 }) else { return voices }
    return voices.filter { $0.id == first } + voices.filter { $0.id != first }
  }

  private static func voice(in row: JSONValue, prefix: String) -> Voice? {
    guard let id = row.text(at: "id"), !id.isEmpty, id.utf8.count <= 200 else { return nil }
    func text(_ name: String, _ otherwise: String) -> String { row.text(at: name) ?? otherwise }
    return Voice(
      id: prefix + id, name: text("name", id), language: text("language", "mul"), gender: text("gender", "neutral"),
      description: text("description", "A voice of another node."),
      engine: prefix.isEmpty ? text("engine", "remote") : "remote", sampleRate: RemoteSynthesizer.sampleRate,
      pitchHz: row["pitchHz"]?.wholeNumber.map { Int(clamping: $0) })
  }

  /// One of which only the name is known; `mul` is "several languages" (ISO 639-2).
  private static func voice(named name: String, prefix: String) -> Voice {
    Voice(
      id: prefix + name, name: name, language: "mul", gender: "neutral", description: "A voice of another service.",
      engine: "remote", sampleRate: RemoteSynthesizer.sampleRate)
  }
}
