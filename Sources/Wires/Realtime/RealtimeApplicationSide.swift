public import CallCore
public import JSON

/// The server's end of OpenAI's Realtime protocol over a WebSocket (`Documentation.docc/RealtimeServer.md`): a client of OpenAI talks to an
/// agent flow, whose name it gives as the model.
///
/// The client appends audio at any pace; the call hears it at the pace of sound, `advance` by `advance`. What the protocol has no event for
/// stays unsaid. Where the model is a flow, what only a language model could do is refused.
public final class RealtimeApplicationSide: ApplicationSide {
  /// Longest message with audio; a minute of 24 kHz samples as Base64 is 3.8 MB.
  static let messageBytesMax = 4 << 20
  /// 250 ms of such samples: clients append 20 to 100 ms at a time.
  private static let keptMessageBytes = 16_384
  /// Longest other event: room for `RealtimeSession.instructionBytesMax` twice over.
  static let eventBytesMax = 131_072
  /// Lists and objects within one another in an event.
  static let nestingMax = 32
  /// Commits, and what waits behind them, at once.
  static let deferredMax = 64
  /// Appended audio that is later than this begins anew, as after a pause of the client.
  static let latenessMax = CallDuration.milliseconds(200)

  /// What waits for the audio before it to be heard.
  enum Deferred { case commit, reply }

  let refusal: RealtimeFault?
  var session: RealtimeSession
  var items = ConversationItems()
  /// What the client is told with the next opportunity, in order.
  private var outbox: [(text: String, isFault: Bool)] = []
  private var eventCount = 0
  private var idCount = 0
  /// The client's id of the event that is being read.
  var eventID: String?
  /// The call was asked for.
  var hasBegun = false

  // What the client says.
  var audio: AppendedAudio
  /// Bytes behind the last commit.
  var uncommittedBytes = 0
  var deferred: [(position: Int, what: Deferred)] = []
  private var sequence: UInt32 = 0
  /// The call's instant up to which audio was heard.
  private var clock: Timestamp?
  /// The caller speaks: the item that it will be, and when it began, in milliseconds of appended audio.
  var speech: (id: String, start: Int)?
  /// A turn whose words are not known yet.
  var untranscribed: (id: String, milliseconds: Int)?
  /// Since when a commit waits for them.
  var waitsSince: Timestamp?
  /// The turn whose words were told last.
  var transcribed: (id: String, turn: TurnID)?

  // What the agent says.
  private let deltas: AudioDeltas
  var response: RealtimeResponse?
  /// A response that the client asked for and that has not begun.
  var wanted: RealtimeResponse?
  var isCancelled = false
  /// Responses beside the conversation that are being made, by number.
  var asides: [Int: RealtimeAside] = [:]
  var asideCount = 0

  /// - Parameters:
  ///   - session: what the address and the server say.
  ///   - flows: `nil` where the model that the address names is a flow; else those that there are, for the error that it is.
  public init(_ session: RealtimeAddress, knownFlows flows: [String]? = nil) {
    let usual = RealtimeSession(
      id: session.id, model: session.model, voice: session.voice, expiresAt: session.expiresAt)
    var begun = session.preset?.applied(to: usual) ?? usual
    begun.isModel = session.isModel
    self.session = begun
    refusal =
      session.isBeta
      ? Self.betaFault
      : flows.map { flows in
        RealtimeFault(
          .modelNotFound,
          "model: there is no flow \(session.model.quoted), and no language model is configured; there are the flows "
            + flows.joined(separator: ", ").bounded(to: 2000), param: "model")
      }
    audio = AppendedAudio(self.session.format)
    deltas = AudioDeltas(packetBytes: self.session.format.packetBytes)
  }

  private static let betaFault = RealtimeFault(
    .betaShape,
    "the beta of the Realtime API is not spoken here: leave out the header OpenAI-Beta and use the shapes that came after it"
  )

  /// `realtime`.
  public var wire: CallWire { .realtime }
  /// Yes, as Base64.
  public var hasAudioInText: Bool { true }
  /// By `error`.
  public var tellsFaults: Bool { true }
  /// Never: clients say only what they cut off.
  public var awaitsMarks: Bool { false }

  /// A minute of audio; what is longer is answered by `error`.
  public var messageLimits: MessageLimits? {
    MessageLimits(bytesMax: Self.messageBytesMax, keptBytes: Self.keptMessageBytes)
  }
  /// OpenAI's own words.
  public var expiryText: String? { "Your session hit the maximum duration of 60 minutes." }

  /// Says `session.created`.
  public func connected(_ write: (String) -> Void) {
    guard refusal == nil else { return }
    say("session.created") { [session] in $0.object("session", session.writeMembers) }
    flush(write)
  }

  /// The client waits for the agent to speak first.
  public func begin(_ handle: (WireEvent) -> Void) {
    guard !hasBegun else { return }
    hasBegun = true
    audio = AppendedAudio(session.format)
    var invitation = CallInvitation(
      request: StartRequest(
        flow: session.model, codec: session.format.codec, sampleRate: session.format.sampleRate, voice: session.voice))
    invitation.isModelTalk = session.isModel
    handle(.opened(invitation))
    if session.turnSettings != TurnSettings() { handle(.commanded(.configure(session.turnSettings))) }
    tellInstructions(handle)
  }

  // MARK: - From the client

  /// Reads an event. What is wrong with it is answered by an `error`; the session goes on.
  public func receive(
    _ frame: UnsafeRawBufferPointer, isText: Bool, _ handle: (WireEvent) -> Void
  ) throws(WireFault) -> FrameKind {
    eventID = nil
    defer { flush { text, isFault in handle(.answer(text, isFault: isFault)) } }
    do throws(RealtimeFault) {
      guard isText else {
        throw RealtimeFault(.invalidEvent, "expected text messages only, got a binary one of \(frame.count) bytes")
      }
      if let append = AudioMessage(frame, .append) {
        eventID = append.id.map { String(decoding: $0, as: UTF8.self) }
        begin(handle)
        try appendAudio(append.audio)
        return .audio
      }
      try receiveEvent(frame, handle)
    } catch {
      say(error)
    }
    return .message
  }

  /// A message that is too long was skipped.
  public func skippedMessage(_ write: (String) -> Void) {
    eventID = nil
    say(RealtimeFault(.eventTooLarge, "an event has more than \(Self.messageBytesMax) bytes"))
    flush(write)
  }

  private func receiveEvent(_ frame: UnsafeRawBufferPointer, _ handle: (WireEvent) -> Void) throws(RealtimeFault) {
    guard frame.count <= Self.eventBytesMax else {
      throw RealtimeFault(
        .eventTooLarge, "expected at most \(Self.eventBytesMax) bytes of an event without audio, got \(frame.count)")
    }
    let fields: RealtimeFields
    do {
      fields = try RealtimeFields(JSONValue(parsing: frame, nestingMax: Self.nestingMax), place: "")
    } catch {
      throw RealtimeFault(.invalidEvent, "expected an event as a JSON object: \(error)")
    }
    eventID = try fields.optionalText("event_id")
    let type = try fields.text("type")
    // The format can still be chosen by what comes first.
    if type == "session.update" { return try updateSession(fields, handle) }
    begin(handle)
    switch type {
    case "input_audio_buffer.append": try appendAudio(fields)
    case "input_audio_buffer.commit": try commit()
    case "input_audio_buffer.clear": clearInput(handle)
    case "conversation.item.create": try createItem(fields, handle)
    case "conversation.item.delete": try deleteItem(fields, handle)
    case "conversation.item.retrieve": try retrieveItem(fields)
    case "conversation.item.truncate": try truncateItem(fields, handle)
    case "response.create": try createResponse(fields, handle)
    case "response.cancel": try cancelResponse(fields, handle)
    case "output_audio_buffer.clear": break  // only where the server plays
    default:
      throw RealtimeFault(.invalidValue, "type: \(type.quoted) is no event of a Realtime client", param: "type")
    }
  }

  private func updateSession(_ event: RealtimeFields, _ handle: (WireEvent) -> Void) throws(RealtimeFault) {
    guard let fields = try event.object("session") else {
      throw RealtimeFault(.missingParameter, "session: expected an object, got nothing", param: "session")
    }
    let before = session.turnSettings
    session = try session.updated(fields, isFixed: hasBegun)
    say("session.updated") { [session] in $0.object("session", session.writeMembers) }
    guard hasBegun else { return begin(handle) }
    if session.turnSettings != before { handle(.commanded(.configure(session.turnSettings))) }
    tellInstructions(handle)
  }

  // MARK: - Time

  /// Hears what was appended, at the pace of sound, and does what was to be done behind it.
  public func advance(at now: Timestamp, _ handle: (WireEvent) -> Void) {
    while true {
      if let next = deferred.first, next.position <= audio.taken {
        // One turn after the other: the words of the last one come first.
        if next.what == .commit, waitsForWords(at: now) { break }
        deferred.removeFirst()
        perform(next.what, handle)
        continue
      }
      guard audio.count >= audio.packetBytes else { break }
      let start = clock.flatMap { now - $0 > Self.latenessMax ? nil : $0 } ?? now - .milliseconds(20)
      guard start + .milliseconds(20) <= now else { break }
      clock = start + .milliseconds(20)
      _ = audio.takePacket { packet in handle(.audio(packet, sequence: sequence, stamp: nil)) }
      sequence &+= 1
    }
    if !outbox.isEmpty { flush { text, isFault in handle(.answer(text, isFault: isFault)) } }
  }

  private func perform(_ what: Deferred, _ handle: (WireEvent) -> Void) {
    switch what {
    case .commit: beginCommittedTurn(handle)
    case .reply: askForReply(handle)
    }
  }

  /// Where an instant of the call lies in the appended audio, in milliseconds.
  func audioMilliseconds(at instant: Timestamp) -> Int {
    let heard = audio.milliseconds(of: audio.taken)
    return min(max(heard - ((clock ?? instant) - instant).milliseconds, 0), heard)
  }

  // MARK: - To the client

  /// Says a packet as a delta of its response, which begins with the first of an utterance.
  public func send(_ packet: AgentPacket, _ write: (WireFrame) -> Bool) -> Bool {
    if response?.utterance != packet.utterance { beginResponse(packet.utterance) }
    while let next = outbox.first {
      let isSent = Array(next.text.utf8).withUnsafeBytes { write(.text($0)) }
      guard isSent else { return false }
      outbox.removeFirst()
    }
    guard let response, response.modality == .audio else { return true }
    guard write(.text(deltas.message(packet.bytes, number: eventCount + 1))) else { return false }
    eventCount += 1
    self.response?.sent = response.sent + .milliseconds(20)
    return true
  }

  /// Says what happened in the call, in the protocol's events.
  public func send(_ command: WireCommand, _ write: (String) -> Void) {
    switch command {
    case .ready: break
    case .report(let report): tell(report)
    case .fault(let fault, _): say(refusal ?? RealtimeFault(fault))
    case .ended(let reason, _): tellEnd(reason)
    case .aside(let number, let news): tellAside(number, news)
    }
    flush(write)
  }

  private func tell(_ report: CallReport) {
    switch report {
    case .speechStarted(let instant): speechStarted(at: instant)
    case .speechStopped: speechStopped()
    case .transcript(let entry, final: true): wordsCame(entry)
    case .agentStarted(let entry), .agentContinued(let entry): agentSays(entry)
    case .agentFinished(let entry): finishResponse(of: entry.utterance, .completed)
    case .agentInterrupted(let entry): finishResponse(of: entry.utterance, interruption)
    case .nobodySpoke(let instant): timeoutTriggered(since: instant)
    case .toolsWanted(let calls): callTools(calls)
    case .trouble(let code, let message): tellTrouble(code, message)
    case .transcript, .stateEntered, .toolUsed, .agentPaused, .agentResumed, .clear, .turnAnswered:
      break  // no event of the protocol
    }
  }

  /// Puts the deltas of a response into place.
  func prepareDeltas(_ response: RealtimeResponse) { deltas.begin(response: response.id, item: response.itemID) }

  // MARK: - Events

  /// Says an event.
  func say(_ type: String, _ members: (inout JSONWriter) -> Void) {
    eventCount += 1
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("event_id", "event_\(eventCount)")
      writer.field("type", type)
      members(&writer)
    }
    outbox.append((String(decoding: writer.bytes, as: UTF8.self), false))
  }

  /// Says what is wrong.
  func say(_ fault: RealtimeFault) {
    say("error") { [eventID] writer in
      writer.object("error") { fault.writeMembers(to: &$0, event: eventID) }
    }
    outbox[outbox.count - 1].isFault = true
  }

  /// An id of our own, such as `item_3f2a91c07_12`.
  func makeID(_ prefix: String) -> String {
    idCount += 1
    return "\(prefix)_\(session.id.suffix(12))_\(idCount)"
  }

  private func flush(_ write: (String) -> Void) { flush { text, _ in write(text) } }

  private func flush(_ write: (String, Bool) -> Void) {
    guard !outbox.isEmpty else { return }
    let events = outbox
    outbox.removeAll(keepingCapacity: true)
    for event in events { write(event.text, event.isFault) }
  }
}

/// What is known of a Realtime session before its client says anything.
public struct RealtimeAddress: Sendable {
  /// `sess_` and digits that no other session has.
  public var id: String
  /// What `model` in the address says: a flow, or a language model.
  public var model: String
  /// The voice that the flow speaks with.
  public var voice: String
  /// When the session ends at the latest, in seconds since 1970 UTC.
  public var expiresAt: Int
  /// Whether the model is a language model, and no flow.
  public var isModel = false
  /// Whether the client asks for the protocol's beta, by the header `OpenAI-Beta: realtime=v1`.
  public var isBeta = false
  /// What the client's secret says of its sessions.
  package var preset: RealtimePreset?

  /// - Parameter model: at most `WireLimits.nameCharactersMax` characters.
  public init(id: String, model: String, voice: String, expiresAt: Int) {
    (self.id, self.model, self.voice, self.expiresAt) = (id, model, voice, expiresAt)
  }
}

extension AudioMessage.Names {
  fileprivate static let append = AudioMessage.Names(type: "input_audio_buffer.append", audio: "audio", id: "event_id")
}
