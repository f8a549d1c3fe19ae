public import CallCore
import JSON

/// What `POST /v1/audio/speech` asks for, in OpenAI's shape.
public struct SpeechRequest: Sendable, Equatable {
  /// What to say, 1 … `charactersMax` characters.
  public var input: String
  /// The same with its marks, where the client says that it has marks of SSML.
  public var ssml: SSMLText?
  /// A voice of the library, or one of OpenAI's names.
  public var voice: String
  /// What it is coded as.
  public var format = SpeechFormat.mp3
  /// Whether the bytes come as they are or within events.
  public var streamFormat = SpeechStreamFormat.audio
  /// Of the voice's own rate, in per cent, 25 … 400.
  public var ratePercent = 100

  /// Longest text, in Unicode scalars: OpenAI's own limit; about five minutes of speech.
  public static let charactersMax = 4096
  /// Longest text as it is said, in Unicode scalars: numbers in words are longer than in digits; about ten minutes of speech.
  public static let spokenMax = 2 * charactersMax
  /// Largest body: such a text with every character escaped as a pair of surrogates, and the other members.
  public static let bytesMax = 65_536

  /// OpenAI's voice names and the voices that speak in their place. They are not those voices, nor like them: a program that
  /// names one simply goes on working.
  public static let aliases: [String: String] = [
    "alloy": "heart", "ash": "heart-baritone", "ballad": "heart-tenor", "cedar": "heart-senior",
    "coral": "heart-bright", "echo": "heart-low", "fable": "heart-middle", "marin": "heart-alto",
    "nova": "heart-brisk", "onyx": "heart-deep", "sage": "heart-mellow", "shimmer": "heart-soprano",
    "verse": "heart-light",
  ]

  package init(input: String, voice: String) {
    self.input = input
    self.voice = voice
  }

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8]) throws(OpenAIFault) {
    do throws(WireFault) { self = try Self.read(bytes) } catch { throw OpenAIFault(error) }
  }

  private static func read(_ bytes: [UInt8]) throws(WireFault) -> SpeechRequest {
    let fields = try JSONFields(parsing: bytes, place: "speech", bytesMax: bytesMax)
    let model = try fields.text("model", 1...WireLimits.nameCharactersMax)
    guard SpeechModel.speechNames.contains(model) else {
      let known = SpeechModel.speechNames.joined(separator: ", ")
      throw WireFault(.outOfRange, "speech.model: there is no \(model.quoted) that speaks; there are \(known)")
    }
    let (input, ssml) = try fields.spoken("input")
    var request = SpeechRequest(input: input, voice: try voice(fields))
    request.ssml = ssml
    request.format = try format(fields)
    request.ratePercent = try fields.ratePercent("speed")
    request.streamFormat = try fields.optionalChoice("stream_format", of: SpeechStreamFormat.allCases) ?? .audio
    return request
  }

  /// A name, or since 2025 an object with an `id`.
  private static func voice(_ fields: JSONFields) throws(WireFault) -> String {
    let range = 1...WireLimits.nameCharactersMax
    if case .object? = fields["voice"] { return try fields.object("voice").text("id", range) }
    return try fields.text("voice", range)
  }

  private static func format(_ fields: JSONFields) throws(WireFault) -> SpeechFormat {
    guard let name = try fields.optionalText("response_format") else { return .mp3 }
    if let format = SpeechFormat(rawValue: name) { return format }
    throw WireFault(.outOfRange, "speech.response_format: there is no \(name.quoted); there are \(SpeechFormat.names)")
  }
}

extension JSONFields {
  /// An object in the body of a request.
  init(parsing bytes: [UInt8], place: String, bytesMax: Int) throws(WireFault) {
    guard bytes.count <= bytesMax else {
      throw WireFault(.messageTooLarge, "expected at most \(bytesMax) bytes, got \(bytes.count)")
    }
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue(parsing: bytes, nestingMax: WireLimits.nestingMax)
    } catch {
      throw WireFault(error.kind == .tooDeep ? .tooDeep : .malformedJSON, "not JSON: \(error)")
    }
    try self.init(value, place: place)
  }

  /// A text with something to say, and with its marks of SSML where the member `ssml` is true.
  func spoken(_ name: String) throws(WireFault) -> (text: String, ssml: SSMLText?) {
    let text = try text(name, 1...SpeechRequest.charactersMax)
    let isMarked = self["ssml"] == nil ? false : try flag("ssml")
    var ssml: SSMLText?
    if isMarked {
      do throws(SSMLFault) { ssml = try SSMLText(text) } catch {
        throw WireFault(.outOfRange, "\(place).\(name): not SSML as it is understood here: \(error)")
      }
    }
    guard ssml?.hasWords ?? text.contains(where: { $0.isLetter || $0.isNumber }) else {
      throw WireFault(.outOfRange, "\(place).\(name): expected something to say, got a text without words")
    }
    return (text, ssml)
  }

  /// A factor from 0.25 to 4, such as `1.5`, as per cent; 100 when it is absent.
  func ratePercent(_ name: String) throws(WireFault) -> Int {
    guard let value = self[name] else { return 100 }
    let factor: Double =
      switch value {
      case .integer(let number): Double(number)
      case .number(let number): number
      default: throw wrongType(name, "a number from 0.25 to 4", value)
      }
    guard (0.25...4).contains(factor) else { throw outOfRange(name, "a number from 0.25 to 4", value) }
    return Int(nearest: factor * 100)
  }
}

/// How the bytes of speech travel.
public enum SpeechStreamFormat: String, Sendable, CaseIterable {
  /// The file itself is the body.
  case audio
  /// In events (`speech.audio.delta`), as Base64.
  case events = "sse"
}

/// What speech is coded as.
public enum SpeechFormat: String, Sendable, CaseIterable {
  /// MPEG layer 3, 64 kbit/s: what OpenAI sends where nothing is asked for.
  case mp3
  /// AAC-LC in an ADTS stream, 64 kbit/s.
  case aac
  /// Free Lossless Audio Codec, 16 bits.
  case flac
  /// A WAV file of 16-bit PCM.
  case wav
  /// Opus in an Ogg container.
  case opus
  /// Signed 16-bit samples, little-endian, mono, without a head.
  case pcm

  /// Samples per second of each of them.
  public static let sampleRate = 24_000

  /// The media type.
  public var contentType: String {
    switch self {
    case .mp3: "audio/mpeg"
    case .aac: "audio/aac"
    case .flac: "audio/flac"
    case .wav: "audio/wav"
    case .opus: "audio/ogg"
    case .pcm: "audio/pcm"
    }
  }

  /// All of them, for a message.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// What `POST /api/tts` asks for, as the predecessor *VoiceForge* has it.
public struct SayRequest: Sendable, Equatable {
  /// What to say.
  public var text: String
  /// The same with its marks, where the client says that it has marks of SSML.
  public var ssml: SSMLText?
  /// A voice of the library.
  public var voice: String
  /// How it is sent.
  public var format = SpeechFormat.wav
  /// Of the voice's own rate, in per cent, 25 … 400.
  public var ratePercent = 100

  /// What can be asked for here.
  public static let formats: [SpeechFormat] = [.wav, .opus, .pcm]

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8], defaultVoice: String) throws(OpenAIFault) {
    do throws(WireFault) {
      let fields = try JSONFields(parsing: bytes, place: "tts", bytesMax: SpeechRequest.bytesMax)
      (text, ssml) = try fields.spoken("text")
      let range = 1...WireLimits.nameCharactersMax
      let named = try fields.optionalText("voice", range)
      let called = try fields.optionalText("voice_id", range)
      voice = named ?? called ?? defaultVoice
      format = try fields.optionalChoice("format", of: Self.formats) ?? .wav
      ratePercent = try fields.ratePercent("speed")
    } catch {
      throw OpenAIFault(error)
    }
  }
}
