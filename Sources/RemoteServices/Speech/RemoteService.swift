public import CallCore
import WebSockets

/// A speech service on another machine: a node of ours, or anything that speaks OpenAI's endpoints `audio/speech` and
/// `audio/transcriptions`.
public struct RemoteService: Sendable {
  /// Requests to it at once: what one node of ours takes (`SpeechLimits.requestsMax`). So many threads wait for it, where local
  /// engines have one for each core.
  public static let requestsMax = 16

  /// Where it is, and its key.
  public let address: RemoteAddress
  /// The model that speaks. OpenAI's name is known to nodes of ours and to most services.
  public var speechModel = "tts-1"
  /// The model that transcribes, likewise.
  public var transcriptionModel = "whisper-1"
  /// Voices to offer, the default first. Empty: the service is asked, as nodes of ours can be, and OpenAI's names are taken where it
  /// does not say.
  public var voices: [Voice.ID] = []
  /// How long it is waited for.
  public var times = RemoteTimes()

  /// - Parameters:
  ///   - url: as `RemoteAddress` takes it.
  ///   - key: likewise.
  public init(url: String, key: String? = nil) throws(RemoteAddress.Fault) {
    address = try RemoteAddress(url: url, key: key, example: "http://speech.example:8080")
  }

  /// What OpenAI's endpoints stand below.
  public var base: String { address.base }

  /// Where nodes of ours list their voices.
  var voicesURL: String {
    (base.hasSuffix("/v1") ? String(base.dropLast("/v1".count)) : base) + "/api/voices"
  }

  /// What it said or did, as people are told of it.
  func told(_ what: String) -> String { "the speech service at \(base): \(what)" }
}

/// How long another machine's speech service is waited for. Below what a call waits for its engines (`TurnLimits`), so that a call
/// that gives up can say why.
public struct RemoteTimes: Sendable {
  /// Longest time to a connection, the TLS handshake included: a lost packet is sent again after a second.
  public var connectMax = Duration.seconds(2)
  /// Longest wait from then to the first byte of a transcription.
  public var transcriptionAnswerMax = Duration.seconds(4)
  /// Longest time for a whole transcription of up to 10 s of sound, a second attempt included (`TurnLimits.recognitionMax`: 5 s).
  public var transcriptionMax = Duration.milliseconds(4500)
  /// What each second of sound beyond 10 s adds to both: recordings and long turns take longer.
  public var transcriptionMaxPerSecond = Duration.milliseconds(250)
  /// Longest wait from the connection to the first byte of speech.
  public var speechAnswerMax = Duration.seconds(6)
  /// Longest time for a whole sentence, a second attempt included (`TurnLimits.synthesisMax`: 10 s).
  public var speechMax = Duration.seconds(9)
  /// Pause before the one second attempt: a service that was started anew listens again.
  public var retryPause = Duration.milliseconds(100)
  /// Longest wait for the answer to a look whether the service is there.
  public var lookMax = Duration.seconds(3)
  /// Time between two looks while it is, and while it is not.
  public var lookPeriod = Duration.seconds(5)
  /// See `lookPeriod`.
  public var awayPeriod = Duration.seconds(1)
  /// How often the list of voices is read again.
  public var voicesPeriod = Duration.seconds(60)

  /// Everything at its default.
  public init() {}

  /// The limits of a transcription.
  /// - Parameter seconds: length of the sound.
  func transcription(seconds: Int) -> (answer: Duration, whole: Duration) {
    let more = transcriptionMaxPerSecond * max(seconds - 10, 0)
    return (transcriptionAnswerMax + more, transcriptionMax + more)
  }
}
