public import CallCore
import WebSockets

/// A speech service on another machine: a node of ours, or anything that speaks OpenAI's endpoints `audio/speech` and
/// `audio/transcriptions`.
public struct RemoteService: Sendable {
  /// What is wrong with its description. Never shows the key.
  public struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }

  /// Requests to it at once: what one node of ours takes (`SpeechLimits.requestsMax`). So many threads wait for it, where local
  /// engines have one for each core.
  public static let requestsMax = 16

  /// What OpenAI's endpoints stand below, such as `http://speech.example:8080/v1`; without a slash at its end.
  public let base: String
  /// Sent as `Authorization: Bearer`; never logged, told or shown.
  let key: String?
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
  ///   - url: as OpenAI's clients take it (`https://host/v1`), or without a path: `/v1` is added.
  ///   - key: printable characters without blanks.
  public init(url: String, key: String? = nil) throws(Fault) {
    var base = url
    while base.hasSuffix("/") { base.removeLast() }
    guard HTTPClient.canAsk(base), !base.contains(where: { "?#".contains($0) }) else {
      throw Fault(
        description:
          "expected an address such as http://speech.example:8080 or https://api.example/v1, without a user and a query"
      )
    }
    let path = base.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
    self.base = path.contains("/") ? base : base + "/v1"
    if let key {
      guard (1...512).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        throw Fault(
          description: "expected a key of 1 to 512 printable characters without blanks, got \(key.utf8.count) bytes")
      }
    }
    self.key = key
  }

  /// Whether somebody on the way could read the key.
  public var showsKey: Bool { key != nil && base.hasPrefix("http://") && !isLocal }

  private var isLocal: Bool {
    ["127.", "localhost", "[::1]"].contains { base.dropFirst("http://".count).hasPrefix($0) }
  }

  /// Where nodes of ours list their voices.
  var voicesURL: String {
    (base.hasSuffix("/v1") ? String(base.dropLast("/v1".count)) : base) + "/api/voices"
  }

  /// What it said or did, as people are told of it.
  func told(_ what: String) -> String { "the speech service at \(base): \(what)" }

  /// `text` without the key: services quote it in their errors.
  func withoutKey(_ text: String) -> String {
    guard let key else { return text }
    return text.replacing(key, with: "[key]")
  }
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
