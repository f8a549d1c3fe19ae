public import CallCore
import JSON

/// The client's end of Pipecat's eval door: RTVI, the protocol of its clients, with messages for tests on top. The caller's audio goes to the bot
/// without a pause; what the bot says is played at the pace of sound, and dropped when the bot says that it was interrupted; its transcripts
/// and calls of tools are told. What a bot does wrong becomes a finding by name, and the call goes on.
///
/// It has no clock and no socket; a frame of audio allocates nothing. Messages as in `pipecat-ai` 1.14.0 (`evals/serializer.py`,
/// `processors/frameworks/rtvi/models.py`).
public final class RTVIPlatformSide: PlatformSide {
  /// The version that is spoken.
  static let version = "2.2.0"
  /// Linear samples, 16,000 a second, both ways: what comes at another rate is converted.
  public static let format = AudioFormat(codec: .pcm16, sampleRate: 16_000)
  /// Longest message that is read: 15 s of audio at 24 kHz. Pipecat sends 40 ms in one.
  public static let messageBytesMax = 1 << 20
  /// Longest words of one message that are kept, in characters.
  static let textMax = 65_536
  /// Lists and objects within one another.
  private static let nestingMax = 32
  /// How long a bot may take for `bot-ready`: one loads its models first.
  static let readyMax = CallDuration.seconds(10)
  /// Messages of kinds that are not known here; newer bots have some.
  static let unknownMax = 1000
  /// Rates that one bot may change between.
  private static let ratesMax = 4

  private let appends: CallerAppends
  private let payload = AudioPayload()
  private var log = ConformanceLog()
  private var receivedBytes = 0
  private var unknownCount = 0
  private var startedAt: Timestamp?
  var converters: [(rate: Int, converter: RateConverter)] = []
  var now = Timestamp.zero
  var isReady = false
  var isClosed = false
  /// What the bot says that it speaks; `nil`: it has not said.
  var botVersion: [Int]?

  // What the bot says.
  var utterances: [BotUtterance] = []
  var utteranceCount = 0
  /// Pieces of text that belong to no utterance yet.
  var pending = BotWords()
  /// Whether text came as `bot-output`; what the language model said is not used then.
  var hasOutput = false
  var modelText = BoundedText(charactersMax: textMax)
  var isThinking = false
  /// Ids of tools that run.
  var runningTools: Set<String> = []
  var toolCallCount = 0
  /// When it was interrupted; `nil` when it has begun to speak again.
  var interruptedAt: Timestamp?

  // What the caller says.
  var turns = 0
  var hasTranscript = false
  var hasUserInput = false
  var hasVAD = false
  var isCallerSpeaking = false
  var callerSpokeAt: Timestamp?

  /// One call.
  public init() {
    appends = CallerAppends(
      Self.format, head: #"{"label":"rtvi-ai","type":"raw-audio","id":"audio","data":{"base64Audio":""#,
      tail: #"","sampleRate":\#(Self.format.sampleRate),"numChannels":1}}"#)
  }

  /// `rtvi`.
  public var wire: CallWire { .rtvi }
  /// See `RTVIPlatformSide.format`.
  public var format: AudioFormat { Self.format }
  /// What the bot did that its protocol does not allow.
  public var findings: [ConformanceFinding] { log.findings }

  func note(_ finding: RTVIFinding, _ text: @autoclosure () -> String) {
    log.note(finding.code, at: receivedBytes, text())
  }

  // MARK: - To the bot

  /// Sends 20 ms of the caller.
  public func send(_ packet: UnsafeRawBufferPointer, number: UInt32, _ write: (WireFrame) -> Bool) {
    guard appends.send(packet, number: number, write) else {
      return note(.slowReader, "the bot does not read: audio of the caller was dropped")
    }
  }

  // MARK: - From the bot

  /// Reads a message.
  public func receive(
    _ frame: UnsafeRawBufferPointer, isText: Bool, at now: Timestamp, into queue: inout PlayoutQueue,
    _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void
  ) {
    defer { receivedBytes += frame.count }
    self.now = now
    guard isText else { return note(.binaryMessage, "a binary message of \(frame.count) bytes, expected text") }
    guard frame.count <= Self.messageBytesMax else {
      return note(.longMessage, "a message of \(frame.count) bytes, expected at most \(Self.messageBytesMax)")
    }
    if let message = BotAudioMessage(frame) {
      if !message.isLabelled { noteLabel("eval-bot-audio") }
      return receive(message.audio, rate: message.sampleRate, &queue)
    }
    do throws(WireFault) {
      let fields = try JSONFields(frame: frame, bytesMax: Self.messageBytesMax, nestingMax: Self.nestingMax)
      let type = try fields.text("type", 1...WireLimits.nameCharactersMax)
      if fields.textIfAny("label") != "rtvi-ai" { noteLabel(type) }
      try receive(type, try JSONFields(fields["data"] ?? .object([:]), place: type), &queue, handle)
    } catch {
      note(.badMessage, error.message)
    }
  }

  private func noteLabel(_ type: String) {
    note(.badMessage, "\(type).label: expected \"rtvi-ai\"; Pipecat's clients ignore the message")
  }

  private func receive(
    _ type: String, _ data: JSONFields, _ queue: inout PlayoutQueue, _ handle: (PlatformEvent) -> Void
  ) throws(WireFault) {
    switch type {
    case "bot-ready": receiveReady(data)
    case "eval-bot-audio":
      let text = Array(try data.text("audio").utf8)
      let rate = try data.number("sampleRate", 1...Int(UInt32.max))
      text.span.bytes.withUnsafeBytes { receive($0, rate: rate, &queue) }
    case "bot-started-speaking": interruptedAt = nil
    case "bot-stopped-speaking": stopUtterance(&queue, isTold: true)
    case "bot-interrupted": interrupt(&queue, handle)
    case "bot-output": try receiveOutput(data, handle)
    case "bot-llm-started": (isThinking, modelText) = (true, BoundedText(charactersMax: Self.textMax))
    case "bot-llm-stopped": isThinking = false
    case "bot-llm-text": modelText.append(try data.text("text"))
    case "error": receiveError(data, handle)
    case "error-response": note(.errorResponse, "the bot refused a message: \(Self.errorText(data))")
    default:
      if try receiveOfCaller(type, data, handle) { return }
      guard receiveOfTools(type, data, handle) || Self.otherTypes.contains(type) else { return noteUnknown(type) }
    }
  }

  /// Messages that tell nothing that is needed here.
  private static let otherTypes: Set = [
    "bot-tts-started", "bot-tts-stopped", "bot-tts-text", "bot-transcription", "bot-llm-marker", "bot-audio-level",
    "user-audio-level", "user-llm-text", "user-mute-started", "user-mute-stopped", "metrics", "system-log",
    "server-message", "server-response", "eval-bot-image", "llm-raw-text", "tts-raw-text", "stt-raw-text", "ui-command",
    "ui-job-group",
  ]

  private func noteUnknown(_ type: String) {
    unknownCount += 1
    guard unknownCount > Self.unknownMax else { return }
    note(
      .unknownMessages, "over \(Self.unknownMax) messages of kinds that are not known here, \(type.quoted) among them")
  }

  private func receiveReady(_ data: JSONFields) {
    isReady = true
    guard let text = data.textIfAny("version") else {
      return note(.protocolVersion, "bot-ready.version: expected a version such as \(Self.version), got nothing")
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
    botVersion = parts
    guard parts.count == 3, parts.allSatisfy({ $0 >= 0 }), parts[0] == 2 else {
      return note(.protocolVersion, "the bot speaks RTVI \(text.quoted), the caller \(Self.version)")
    }
  }

  private func receiveError(_ data: JSONFields, _ handle: (PlatformEvent) -> Void) {
    let text = Self.errorText(data)
    note(.error, text)
    guard case .bool(true)? = data["fatal"] else { return }
    handle(.told(.error(code: "bot-error", message: text, fatal: true)))
  }

  /// What an error says, for people.
  private static func errorText(_ data: JSONFields) -> String {
    (data.textIfAny("error") ?? data.textIfAny("message") ?? "nothing said").bounded(to: 400)
  }

  // MARK: - Audio

  private func receive(_ audio: UnsafeRawBufferPointer, rate: Int?, _ queue: inout PlayoutQueue) {
    let isOurs = rate == Self.format.sampleRate
    let converter = isOurs ? nil : converter(from: rate ?? 0)
    guard isOurs || converter != nil else {
      let got = rate.map { "\($0)" } ?? "none"
      return note(.badAudio, "eval-bot-audio.sampleRate: expected a usual rate from 8000 to 48000, got \(got)")
    }
    let isRead = payload.decode(audio) { piece in
      beginUtterance(&queue, piece)
      if !piece.count.isMultiple(of: 2) {
        note(.badAudio, "audio of \(piece.count) bytes, expected whole samples of two")
      }
      guard let converter else {
        return append(UnsafeRawBufferPointer(rebasing: piece[..<(piece.count & ~1)]), &queue)
      }
      converter.convert(piece.bindMemory(to: Int16.self)) { append(UnsafeRawBufferPointer($0), &queue) }
    }
    if !isRead { note(.badAudio, "eval-bot-audio.audio: expected audio as Base64, got what is none") }
  }

  private func converter(from rate: Int) -> RateConverter? {
    if let known = converters.first(where: { $0.rate == rate }) { return known.converter }
    guard let converter = RateConverter(from: rate, to: Self.format.sampleRate) else { return nil }
    if converters.count == Self.ratesMax { converters.removeFirst() }
    converters.append((rate, converter))
    return converter
  }

  private func append(_ samples: UnsafeRawBufferPointer, _ queue: inout PlayoutQueue) {
    guard queue.append(samples) else { return noteQueueFull() }
    guard let place = openUtterance else { return }
    utterances[place].played.receivedBytes += samples.count
    utterances[place].drainedAt = nil
  }

  func noteQueueFull() { log.noteQueueFull(RTVIFinding.queueFull.code, at: receivedBytes) }

  // MARK: - Time

  /// Looks for what is overdue.
  public func advance(
    at now: Timestamp, into queue: inout PlayoutQueue, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void
  ) {
    self.now = now
    let start = startedAt ?? now
    startedAt = start
    if !isReady, now - start > Self.readyMax {
      note(.botNotReady, "no bot-ready within \(Self.readyMax.milliseconds / 1000) s of client-ready")
    }
    endSilentUtterance(&queue)
  }

  /// The bot closed the connection.
  public func closed(code: Int, reason: String) -> PlatformEnd {
    isClosed = true
    let why = reason.isEmpty ? "" : ", \(reason.quoted)"
    if code == 4003 {
      return .refused(
        code: "4003", message: "the bot's runner takes no such connection\(why); look at its token and origin")
    }
    let end = PlatformEnd.usual(code)
    if !isReady {
      note(.botNotReady, "the bot closed before bot-ready; it has to list \"eval\" among its transports")
      if utteranceCount == 0 { return .brokenOff }  // nobody was there
    } else if end == .brokenOff {
      note(.closed, "the bot closed with code \(code)\(why)")
    }
    return end
  }
}
