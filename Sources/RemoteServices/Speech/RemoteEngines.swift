public import CallCore
public import CallDriver

/// The speech engines of a node that uses another node's, or any service in OpenAI's shape.
public final class RemoteEngines: SpeechEngines {
  /// What the service is used for.
  public enum Place: Sendable {
    /// For everything but speech detection: this node has no recogniser and no voices.
    case instead
    /// As a further source of voices, whose ids begin with `remote:`; everything else is done here.
    case beside
  }

  /// In front of the ids of voices beside those of this node.
  public static let prefix = "remote:"
  /// The name in `readiness`.
  public static let partName = "remoteSpeech"

  private let own: any SpeechEngines
  private let place: Place
  private let client: RemoteSpeechClient
  private let voiceList: RemoteVoices
  private let watch: RemoteWatch
  private let ears: RemoteRecognizer
  private let mouth: RemoteSynthesizer

  /// Looks for the service from now on, until `stop`.
  ///
  /// - Parameters:
  ///   - own: the engines of this node; with `.instead` only its detector, codecs and formats are used.
  ///   - tell: called on any thread when the service comes and goes; `trouble` is `nil` when it is there.
  public init(
    _ service: RemoteService, _ place: Place, own: any SpeechEngines,
    tell: @escaping @Sendable (_ trouble: String?) -> Void = { _ in }
  ) {
    self.own = own
    self.place = place
    client = RemoteSpeechClient(service) { state in
      switch state {
      case .unknown: break
      case .well: tell(nil)
      case .away(let why): tell(service.told(why))
      }
    }
    voiceList = RemoteVoices(client, prefix: place == .instead ? "" : Self.prefix)
    ears = RemoteRecognizer(client)
    mouth = RemoteSynthesizer(client, voices: voiceList, sounds: own.sounds)
    watch = RemoteWatch(client, voices: voiceList)
    watch.start()
  }

  /// Lets everybody go who waits for the service to come; before the server that uses it is stopped.
  public func giveUpWaiting() { client.health.giveUpWaiting() }

  /// Ends all requests and the looking.
  public func stop() {
    giveUpWaiting()
    client.stop()
    watch.stop()
  }

  /// The node's own.
  public var codecs: any AudioCodecFactory { own.codecs }
  /// The node's own.
  public var sounds: any SoundFormats { own.sounds }
  /// The node's own.
  public var speakerComparer: (any SpeakerComparer)? { own.speakerComparer }
  /// The node's own, where it hears.
  public func modelBeingTried(for language: String) -> String? {
    place == .instead ? nil : own.modelBeingTried(for: language)
  }

  /// The node's own.
  public var echoCancellers: (any EchoCancellerFactory)? { own.echoCancellers }
  /// What the service did so far.
  public var remote: RemoteFigures? { client.figures }

  /// The node's own parts, and the service: calls need it where there is no other.
  public var readiness: [EngineReadiness] {
    let isNeeded = place == .instead
    var remote = EngineReadiness(name: Self.partName, state: .loading, isNeeded: isNeeded)
    switch client.health.state {
    case .unknown: break
    case .well: remote.state = .ready
    case .away(let why): (remote.state, remote.detail) = (.failed, client.service.told(why))
    }
    return own.readiness + [remote]
  }

  /// The service's, alone or behind the node's own. Those of the service are known once it was there.
  public var voices: [Voice] { place == .instead ? voiceList.voices : own.voices + voiceList.voices }

  /// Waits until the service was there once, where it is the only one.
  public func recognizer() throws(EngineError) -> any SpeechRecognizer {
    guard place == .instead else { return try own.recognizer() }
    try waitForContact()
    return ears
  }

  /// Likewise.
  public func synthesizer() throws(EngineError) -> any SpeechSynthesizer {
    guard place == .instead else { return RemoteBesideSynthesizer(own: try own.synthesizer(), remote: mouth) }
    try waitForContact()
    return mouth
  }

  /// The node's own: whether somebody speaks is found out 30 times a second.
  public func makeDetector() throws(EngineError) -> any SpeechDetector { try own.makeDetector() }

  /// The node's own: its answer is worth nothing when it comes late.
  public var turnDetector: any TurnDetector { own.turnDetector }

  /// Waits until the service was there once: as for an engine that loads.
  /// - Throws: when the waiting was given up.
  public func waitForContact() throws(EngineError) {
    guard client.health.waitForContact() else {
      throw .remote("the speech service at \(client.service.base) was never reached")
    }
  }
}

/// This node's voices and the service's behind one door.
final class RemoteBesideSynthesizer: SpeechSynthesizer {
  private let own: any SpeechSynthesizer
  private let remote: RemoteSynthesizer

  init(own: any SpeechSynthesizer, remote: RemoteSynthesizer) {
    self.own = own
    self.remote = remote
  }

  var voices: [Voice] { own.voices + remote.voices }
  var takesShapes: Bool { own.takesShapes }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try engine(of: voice).synthesize(text, voice: voice)
  }

  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    try engine(of: voice).synthesize(text, voice: voice, style: style)
  }

  func synthesize(_ text: String, shape: VoiceShape, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    try own.synthesize(text, shape: shape, style: style)
  }

  private func engine(of voice: Voice.ID) -> any SpeechSynthesizer {
    voice.hasPrefix(RemoteEngines.prefix) ? remote : own
  }
}
