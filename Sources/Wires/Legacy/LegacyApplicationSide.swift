public import CallCore
public import JSON

/// The server's end of the JSON wire at `/ws/realtime` (`Documentation.docc/JSONWire.md`): a client begins with `init`, sends audio in pieces
/// of any length, or types, and is told words, answers, speech and figures.
///
/// Its name for programs is older than this server's own wire. What the wire has a field for and nobody measured is left out.
public final class LegacyApplicationSide: ApplicationSide {
  /// Longest message with audio: 49 s of it as Base64.
  static let messageBytesMax = 2 << 20
  /// 256 ms of audio, as clients send it, and what stands around it.
  private static let keptMessageBytes = 16_384
  /// Longest other message: room for the longest prompt.
  static let eventBytesMax = 131_072
  /// Lists and objects within one another.
  static let nestingMax = 8
  /// Longest id of a message, in Unicode scalars.
  static let idCharactersMax = 128
  /// Packets that make one chunk are sent together, and the next chunk is there 80 ms before it is due.
  static let chunkLead = CallDuration.milliseconds(160)

  /// How loaded the server is, for `metrics`.
  let load: () -> ConversationLoad
  /// What `init` asked for; `nil` before.
  var session: LegacySession?
  /// The session goes on: `ready` was sent.
  var isReady = false
  /// When the call began, in milliseconds since 1970 UTC.
  var startedAtMilliseconds = 0
  /// The call's time.
  var now = Timestamp.zero
  /// What the client is told with the next opportunity, in order.
  var outbox: [(text: String, isFault: Bool)] = []
  private var idCount = 0
  /// Messages that were read, and errors that were told.
  var counts = (messages: 0, errors: 0)
  /// See `ApplicationSide`.
  public internal(set) var closeCode: Int?

  // Ids of the client's messages, which answers carry.
  /// Of the message that is being read; `nil`: it has none, or it is not known.
  private var eventID: String?
  /// Of the message that brought about what the agent does.
  var cause: String?
  /// Of the last piece of audio: its bytes, so that a piece allocates nothing.
  private let audioID = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 * idCharactersMax, alignment: 8)
  private var audioIDBytes = 0
  /// Of typed texts that are not used yet, oldest first; as many as the call keeps (`TurnLimits.inputAheadMax`), and one.
  var textIDs: [String?] = []
  /// The call is being told a text: what finds no place now is that text.
  var isTyping = false

  // What the client says.
  let audio = PacedAudio()
  private var saidDeaf = false
  private(set) var isPaused = false
  /// Texts that were typed in a pause, with their ids.
  private var pausedTexts: [(text: String, id: String?)] = []
  /// The agent is to speak when the pause is over: it was cut off, or something was said.
  var owesReply = false
  /// The agent began to speak in a pause, and is to be stopped.
  private var mustSilence = false
  /// The end of the caller's last speech, and when its turn was found to be over.
  var turnEnd: (speech: Timestamp, decided: Timestamp)?
  /// Whether the last turn was spoken: neither typed nor keyed.
  var isSpoken = true

  // What the agent says.
  let chunks = SpeechChunks()
  /// Something was said or the session began, and the agent has not begun to speak since.
  var awaitsReply = false
  /// The utterance whose words were told, and that is not over.
  var told: UtteranceID?
  /// What it was told of its words.
  var toldText = ""
  /// When the first and the last message of its audio were sent.
  var streamed: (first: Timestamp, last: Timestamp)?
  /// How long it took until it could be heard; `nil`: not known.
  var preparation: CallDuration?

  /// - Parameter load: asked for with each `metrics`.
  public init(load: @escaping () -> ConversationLoad) { self.load = load }

  deinit { audioID.deallocate() }

  /// `legacy`.
  public var wire: CallWire { .legacy }
  /// Yes, as Base64.
  public var hasAudioInText: Bool { true }
  /// By `error`.
  public var tellsFaults: Bool { true }
  /// Never: clients do not say what they played.
  public var awaitsMarks: Bool { false }
  /// Several packets make one chunk.
  public var playoutLead: CallDuration? { Self.chunkLead }
  /// What is longer is answered by `error`.
  public var messageLimits: MessageLimits? {
    MessageLimits(bytesMax: Self.messageBytesMax, keptBytes: Self.keptMessageBytes)
  }

  /// What time it is for what is told next.
  public func setTime(_ now: Timestamp) { self.now = now }

  // MARK: - From the client

  /// Reads a message. What is wrong with it is answered by an `error`; the session goes on.
  public func receive(
    _ frame: UnsafeRawBufferPointer, isText: Bool, _ handle: (WireEvent) -> Void
  ) throws(WireFault) -> FrameKind {
    eventID = nil
    defer { flush { text, isFault in handle(.answer(text, isFault: isFault)) } }
    do throws(WireFault) {
      guard isText else {
        throw WireFault(.badFrame, "expected text messages only, got a binary one of \(frame.count) bytes")
      }
      if let message = AudioMessage(frame, .audioChunk), message.id?.count ?? 0 <= Self.idCharactersMax {
        setAudioID(message.id)
        try receiveAudio(message.audio)
        return .audio
      }
      try receiveMessage(frame, handle)
    } catch {
      say(error, isRecoverable: true)
    }
    return .message
  }

  /// A message that is too long was skipped.
  public func skippedMessage(_ write: (String) -> Void) {
    eventID = nil
    say(WireFault(.messageTooLarge, "a message has more than \(Self.messageBytesMax) bytes"), isRecoverable: true)
    flush { text, _ in write(text) }
  }

  private func receiveMessage(_ frame: UnsafeRawBufferPointer, _ handle: (WireEvent) -> Void) throws(WireFault) {
    let fields = try JSONFields(frame: frame, bytesMax: Self.messageBytesMax, nestingMax: Self.nestingMax)
    eventID = try fields.optionalText("eventId", 0...Self.idCharactersMax)
    guard let kind = LegacyMessageKind(rawValue: fields.place) else {
      let known = LegacyMessageKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw WireFault(.unknownType, "type: expected one of \(known), got \(fields.place.quoted)")
    }
    // Only audio is long, and may be written in a way that only the parser can read.
    if kind == .audioChunk { return try receiveAudio(fields) }
    guard frame.count <= Self.eventBytesMax else {
      throw WireFault(.messageTooLarge, "message: expected at most \(Self.eventBytesMax) bytes, got \(frame.count)")
    }
    if kind == .begin { return try begin(fields, handle) }
    let session = try ongoing()
    counts.messages += 1
    switch kind {
    case .textInput: try receiveText(fields, in: session, handle)
    case .pause: pause(session, handle)
    case .resume: resume(session, handle)
    case .feedback: handle(.rated(try QualityRating(fields)))
    case .end:
      cause = eventID
      handle(.hungUp)
    case .begin, .audioChunk: break  // above
    }
  }

  private func begin(_ fields: JSONFields, _ handle: (WireEvent) -> Void) throws(WireFault) {
    guard self.session == nil else { throw WireFault(.outOfPlace, "init: the session has begun already") }
    let session = try LegacySession(fields)
    self.session = session
    cause = eventID
    counts.messages += 1
    handle(.opened(session.invitation))
    let settings = session.turnSettings(isPaused: false)
    if settings != TurnSettings() { handle(.commanded(.configure(settings))) }
  }

  /// - Throws: before the session has begun.
  private func ongoing() throws(WireFault) -> LegacySession {
    guard let session, isReady else { throw WireFault(.outOfPlace, "the first message must be init") }
    return session
  }

  // MARK: - Audio

  private func receiveAudio(_ fields: JSONFields) throws(WireFault) {
    var id = eventID ?? ""
    id.withUTF8 { setAudioID(UnsafeRawBufferPointer($0)) }
    let text = Array(try fields.text("chunk").utf8)
    try text.span.bytes.withUnsafeBytes { bytes throws(WireFault) in try receiveAudio(bytes) }
  }

  private func receiveAudio(_ text: UnsafeRawBufferPointer) throws(WireFault) {
    do throws(WireFault) {
      let session = try ongoing()
      counts.messages += 1
      guard session.hearsCaller else { return try refuseAudio() }
      guard !isPaused else { return }
      switch audio.append(text) {
      case .kept: break
      case .notBase64: throw WireFault(.outOfRange, "audio_chunk.chunk: expected Base64, got what is none")
      case .oddBytes:
        throw WireFault(.outOfRange, "audio_chunk.chunk: expected whole samples of 16 bits, got half of one")
      case .full:
        throw WireFault(
          .tooLong,
          "audio_chunk.chunk: \(AppendedAudio.secondsMax) s of audio wait to be heard; this piece was dropped")
      }
    } catch {
      eventID = audioEventID
      throw error
    }
  }

  /// Said once: a client that sends audio sends much of it.
  private func refuseAudio() throws(WireFault) {
    guard !saidDeaf else { return }
    saidDeaf = true
    throw WireFault(
      .outOfPlace, "audio_chunk: this session hears nothing, by its mode or sttEnabled; further audio is ignored")
  }

  private func setAudioID(_ id: UnsafeRawBufferPointer?) {
    audioIDBytes = min(id?.count ?? 0, audioID.count)
    if let id { audioID.copyMemory(from: UnsafeRawBufferPointer(rebasing: id[..<audioIDBytes])) }
  }

  /// The id of the last piece of audio.
  var audioEventID: String? {
    audioIDBytes == 0 ? nil : String(decoding: audioID[..<audioIDBytes], as: UTF8.self)
  }

  /// Hears what came, and what a pause left to be done.
  public func advance(at now: Timestamp, _ handle: (WireEvent) -> Void) {
    self.now = now
    if mustSilence {
      mustSilence = false
      if isPaused { handle(.commanded(.cancelReply)) }
    }
    audio.advance(at: now) { packet, sequence, stamp in
      handle(.audio(packet, sequence: sequence, stamp: stamp))
    }
  }

  // MARK: - Text and pauses

  private func receiveText(
    _ fields: JSONFields, in session: LegacySession, _ handle: (WireEvent) -> Void
  ) throws(WireFault) {
    let text = try fields.text("text", 1...WireLimits.textCharactersMax)
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw WireFault(.outOfRange, "text_input.text: expected words, got only blanks")
    }
    guard isPaused else { return type(text, id: eventID, in: session, handle) }
    guard pausedTexts.count < Self.pausedTextsMax else {
      throw WireFault(
        .tooMany, "text_input: \(Self.pausedTextsMax) texts wait for the pause to end; this one was dropped")
    }
    pausedTexts.append((text, eventID))
  }

  /// As many as a call keeps that come too early.
  private static let pausedTextsMax = TurnLimits().inputAheadMax

  private func type(_ text: String, id: String?, in session: LegacySession, _ handle: (WireEvent) -> Void) {
    textIDs.append(id)
    isTyping = true
    handle(.text(text))
    isTyping = false
    // Without an agent nothing is answered, but what is typed is spoken.
    if !session.hasAgent { handle(.commanded(.reply)) }
  }

  private func pause(_ session: LegacySession, _ handle: (WireEvent) -> Void) {
    guard !isPaused else { return }
    isPaused = true
    audio.removeAll()
    owesReply = told != nil || awaitsReply
    handle(.commanded(.configure(session.turnSettings(isPaused: true))))
    handle(.commanded(.cancelReply))
  }

  private func resume(_ session: LegacySession, _ handle: (WireEvent) -> Void) {
    guard isPaused else { return }
    isPaused = false
    mustSilence = false
    handle(.commanded(.configure(session.turnSettings(isPaused: false))))
    let texts = pausedTexts
    pausedTexts = []
    for (text, id) in texts { type(text, id: id, in: session, handle) }
    if owesReply, texts.isEmpty, session.hasAgent { handle(.commanded(.reply)) }
    owesReply = false
  }

  // MARK: - Audio to the client

  /// Collects packets into chunks, each sent when it is complete. The first of an utterance wait for its words to be told.
  public func send(_ packet: AgentPacket, _ write: (WireFrame) -> Bool) -> Bool {
    guard !isPaused else {
      (mustSilence, owesReply) = (true, true)
      return false
    }
    guard session?.speaks == true else { return true }
    if chunks.utterance != packet.utterance {
      chunks.begin(packet.utterance)
      streamed = nil
    }
    guard chunks.append(packet) else { return false }
    guard told == packet.utterance, chunks.isDue else { return true }
    if !chunks.isPrepared { chunks.prepare(eventID: cause ?? ownID()) }
    guard write(.text(chunks.makeMessage())) else {
      chunks.removeLast()
      return false
    }
    chunkSent()
    return true
  }

  func chunkSent() {
    chunks.removeAll()
    streamed = (streamed?.first ?? now, now)
  }

  // MARK: - Messages

  /// Says a message.
  func say(_ type: String, eventID: String?, isFault: Bool = false, _ members: (inout JSONWriter) -> Void) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", type)
      writer.field("eventId", eventID ?? ownID())
      members(&writer)
    }
    outbox.append((String(decoding: writer.bytes, as: UTF8.self), isFault))
  }

  /// Says what is wrong with the message that is being read.
  func say(_ fault: WireFault, isRecoverable: Bool) {
    sayError(
      LegacyErrorCode(fault.code, isReady: isReady), fault.message, isRecoverable: isRecoverable, eventID: eventID)
  }

  func sayError(_ code: LegacyErrorCode, _ message: String, isRecoverable: Bool, eventID: String?) {
    counts.errors += 1
    say("error", eventID: eventID, isFault: true) { writer in
      writer.field("code", code.rawValue)
      writer.field("message", message)
      writer.field("recoverable", isRecoverable)
    }
  }

  /// For what answers a message without an id.
  func ownID() -> String {
    idCount += 1
    return "server-\(idCount)"
  }

  func flush(_ write: (String, Bool) -> Void) {
    guard !outbox.isEmpty else { return }
    let messages = outbox
    outbox.removeAll(keepingCapacity: true)
    for message in messages { write(message.text, message.isFault) }
  }
}

/// What a client sends. The raw values stand on the wire.
enum LegacyMessageKind: String, CaseIterable {
  case begin = "init"
  case audioChunk = "audio_chunk"
  case textInput = "text_input"
  case pause, resume, end
  case feedback = "quality_feedback"
}

/// Words for programs in an `error`.
enum LegacyErrorCode: String {
  case parse = "MESSAGE_PARSE_ERROR"
  case handler = "HANDLER_ERROR"
  case invalidKey = "INVALID_API_KEY"
  case inactiveKey = "INACTIVE_API_KEY"
  case noSession = "NO_SESSION"
  /// A model that is no flow.
  case unknownModel = "MODEL_NOT_FOUND"
  /// Later there may be a session.
  case busy = "SERVER_BUSY"

  /// - Parameter isReady: whether there is a session.
  init(_ code: WireFault.Code, isReady: Bool) {
    switch code {
    case .malformedJSON, .tooDeep, .messageTooLarge, .unknownType, .missingField, .wrongType, .outOfRange, .tooLong,
      .badFrame, .frameTooLarge:
      self = .parse
    case .outOfPlace: self = isReady ? .handler : .noSession
    case .tooMany, .refused: self = .handler
    case .wrongKey: self = .invalidKey
    case .inactiveKey: self = .inactiveKey
    case .busy: self = .busy
    case .unknownModel: self = .unknownModel
    }
  }
}

extension AudioMessage.Names {
  fileprivate static let audioChunk = AudioMessage.Names(type: "audio_chunk", audio: "chunk", id: "eventId")
}
