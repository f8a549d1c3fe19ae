public import CallCore
import JSON

/// The client's end of OpenAI's Realtime protocol over a WebSocket, as a careful client speaks it: it appends the caller's audio, plays the agent's at
/// the pace of sound however fast it comes, drops what is not played as soon as the caller speaks, and tells the server how much was. Names of
/// the protocol's beta are read, too. What a server does wrong becomes a finding by name, and the call goes on.
///
/// It has no clock and no socket; a frame of audio allocates nothing.
public final class RealtimePlatformSide: PlatformSide {
  /// Longer messages end the clients of some libraries: `websockets` for Python takes 1 MiB unless told otherwise.
  static let longMessageBytes = 1 << 20
  /// Longest id.
  static let idCharactersMax = 512
  /// Longest words of an item that are kept, in characters.
  static let textMax = 65_536
  /// Responses and items that are remembered; the older half of them is forgotten then.
  static let entriesMax = 1024
  /// How long a server may take for what it owes: the session, a response that was asked for, the end of one. LiveKit's client gives up after as
  /// long.
  static let answerMax = CallDuration.seconds(10)
  /// After how long a silent agent is asked to greet.
  static let greetingWait = CallDuration.seconds(2)
  /// How long audio of a response that was cut off may be on its way.
  static let flightMax = CallDuration.seconds(1)
  /// Most calls of tools that are kept; more are answered by an error.
  static let toolCallsMax = 256

  /// A `response.create` of ours.
  private struct Asked {
    let id: String
    let at: Timestamp
    /// Whether to ask again when it is refused because another response is under way.
    let again: Bool
  }

  let settings: RealtimeCallSettings
  private let appends: CallerAppends
  private let payload = AudioPayload()
  private var log = ConformanceLog()
  private var receivedBytes = 0
  private var eventCount = 0
  var now = Timestamp.zero

  // The session.
  private var startedAt: Timestamp?
  private var sessionAt: Timestamp?
  private var isUpdated = false
  private var lastError: (code: String, message: String)?

  // What the agent says.
  var responses: [AgentResponse] = []
  var items: [AgentItem] = []
  var playback = ItemPlayback()
  /// The item that audio came of last.
  private var current: Int?
  private var utteranceCount = 0
  /// Items that `conversation.item.added` named.
  private var added = RecentIDs()
  var toolCallCount = 0
  /// Our own `response.create` on its way, and the last one behind which a response began.
  private var pending: Asked?
  private var answered: Asked?
  /// Whether another response is wanted as soon as there is none.
  private var wantsResponse = false
  private var hasAsked = false

  // What the caller says.
  private var turns = RecentIDs()
  /// When the caller began to speak, as long as the server has not said which item that becomes.
  private var spokeAt: Timestamp?

  /// - Parameter settings: what to ask for.
  public init(_ settings: RealtimeCallSettings = RealtimeCallSettings()) {
    self.settings = settings
    appends = CallerAppends(settings.format, head: #"{"type":"input_audio_buffer.append","audio":""#, tail: #""}"#)
  }

  /// `realtime`.
  public var wire: CallWire { .realtime }
  /// As it was chosen.
  public var format: AudioFormat { settings.format }
  /// What the server did that breaks one of the usual clients.
  public var findings: [ConformanceFinding] { log.findings }

  func note(_ finding: RealtimeFinding, _ text: @autoclosure () -> String) {
    log.note(finding.code, at: receivedBytes, text())
  }

  // MARK: - To the server

  /// Asks for what the settings say.
  public func begin(_ write: (String) -> Void) {
    write(event("session.update") { writer in writer.object("session", settings.writeSession) })
  }

  /// Appends 20 ms of the caller.
  public func send(_ packet: UnsafeRawBufferPointer, number: UInt32, _ write: (WireFrame) -> Bool) {
    guard appends.send(packet, number: number, write) else {
      return note(.slowReader, "the server does not read: audio of the caller was dropped")
    }
  }

  /// The protocol has no keys.
  public func send(_ key: Key, _ write: (String) -> Void) {}

  /// A client just closes.
  public func end(_ write: (String) -> Void) {}

  /// An event of ours.
  func event(_ type: String, _ members: (inout JSONWriter) -> Void) -> String {
    eventCount += 1
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", type)
      writer.field("event_id", "voiceforge_\(eventCount)")
      members(&writer)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Asks for a response, or as soon as the one under way is over: a server takes one at a time.
  /// - Parameter again: whether to ask again when the server's own response came first.
  func askForResponse(again: Bool, _ write: (String) -> Void) {
    hasAsked = true
    guard pending == nil, !isActive else {
      wantsResponse = again
      return
    }
    wantsResponse = false
    write(event("response.create") { _ in })
    pending = Asked(id: "voiceforge_\(eventCount)", at: now, again: again)
  }

  /// Whether a response is under way.
  var isActive: Bool { responses.contains { !$0.isDone } }

  func askAgainIfWanted(_ write: (String) -> Void) {
    if wantsResponse, pending == nil, !isActive { askForResponse(again: true, write) }
  }

  // MARK: - From the server

  /// Reads an event.
  public func receive(
    _ frame: UnsafeRawBufferPointer, isText: Bool, at now: Timestamp, into queue: inout PlayoutQueue,
    _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void
  ) {
    defer { receivedBytes += frame.count }
    self.now = now
    guard isText else { return note(.binaryMessage, "a binary message of \(frame.count) bytes, expected text") }
    if frame.count > Self.longMessageBytes {
      note(.longMessage, "a message of \(frame.count) bytes; clients with the usual limit of 1 MiB close on it")
    }
    if let audio = ServerAudio(frame) {
      if !audio.hasEventID { noteMissingID("response.output_audio.delta") }
      if audio.isBeta { noteBeta("response.audio.delta") }
      return receive(audio, &queue)
    }
    do throws(WireFault) {
      let event = try JSONFields(
        frame: frame, bytesMax: ServerMessage.frameBytesMax, nestingMax: RealtimeApplicationSide.nestingMax)
      try receive(event, &queue, write, handle)
    } catch {
      note(.badMessage, error.message)
    }
  }

  private func noteMissingID(_ type: String) {
    note(.eventWithoutID, "\(type) has no event_id; clients that validate reject it")
  }

  private func noteBeta(_ type: String) {
    note(.betaEvent, "\(type) is a name of the protocol's beta; clients of today hear nothing of it")
  }

  private func receive(
    _ fields: JSONFields, _ queue: inout PlayoutQueue, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void
  ) throws(WireFault) {
    let name = try fields.text("type", 1...WireLimits.nameCharactersMax)
    if case .string? = fields["event_id"] {} else { noteMissingID(name) }
    let type = Self.betaNames[name] ?? name
    if type != name { noteBeta(name) }
    if sessionAt == nil, type != "error" {
      sessionAt = now
      if type != "session.created" { note(.sessionNotCreated, "\(name) came first, expected session.created") }
    }
    switch type {
    case "session.created", "session.updated": try receiveSession(fields, isUpdate: type == "session.updated")
    case "input_audio_buffer.speech_started": callerSpeaks(fields, &queue, write, handle)
    case "input_audio_buffer.speech_stopped": handle(.told(.speech(started: false, at: now)))
    case "input_audio_buffer.committed": turn(of: try fields.text("item_id", 1...Self.idCharactersMax))
    case "conversation.item.added": added.insert(try Self.itemID(fields), at: now)
    case "conversation.item.input_audio_transcription.completed": try receiveWords(fields, handle)
    case "conversation.item.input_audio_transcription.failed":
      note(.transcriptionFailed, "the caller's words could not be had: \(Self.errorText(fields))")
    case "error": receiveError(fields, write)
    default:
      guard try receiveOfResponse(type, fields, &queue, write, handle) || Self.otherEvents.contains(type) else {
        return note(.unknownEvent, "\(name.quoted) is no event of a Realtime server")
      }
    }
  }

  /// Names of the protocol's beta, and what is called so now.
  private static let betaNames = [
    "response.audio.delta": "response.output_audio.delta", "response.audio.done": "response.output_audio.done",
    "response.audio_transcript.delta": "response.output_audio_transcript.delta",
    "response.audio_transcript.done": "response.output_audio_transcript.done",
    "response.text.delta": "response.output_text.delta", "response.text.done": "response.output_text.done",
    "conversation.item.created": "conversation.item.added",
  ]

  /// What is read and tells a caller nothing.
  private static let otherEvents: Set = [
    "conversation.item.retrieved", "conversation.item.deleted", "conversation.item.truncated",
    "conversation.item.input_audio_transcription.delta", "conversation.item.input_audio_transcription.segment",
    "input_audio_buffer.cleared", "input_audio_buffer.timeout_triggered", "input_audio_buffer.dtmf_event_received",
    "rate_limits.updated", "conversation.created", "output_audio_buffer.started", "output_audio_buffer.stopped",
    "output_audio_buffer.cleared", "mcp_list_tools.in_progress", "mcp_list_tools.completed", "mcp_list_tools.failed",
  ]

  private func receiveSession(_ event: JSONFields, isUpdate: Bool) throws(WireFault) {
    if isUpdate { isUpdated = true }
    let session = try event.object("session")
    if session["type"] == nil {
      note(.sessionWithoutType, "session.type is missing; clients that validate reject the session")
    }
    for side in ["input", "output"] {
      let format = session["audio"]?[side]?["format"]
      if case .string(let text)? = format {
        note(.wrongRate, "session.audio.\(side).format is the text \(text.quoted), expected an object")
      } else if let rate = format?["rate"]?.wholeNumber, rate != 24_000 {
        note(.wrongRate, "session.audio.\(side).format has \(rate) samples a second; the protocol knows 24000 alone")
      } else if isUpdate, let type = format?.text(at: "type"), type != settings.format.realtimeName {
        note(
          .wrongRate, "session.audio.\(side).format is \(type.quoted), asked for was \(settings.format.realtimeName)")
      }
    }
  }

  private func receiveError(_ event: JSONFields, _ write: (String) -> Void) {
    let error = event["error"]
    let (code, id) = (error?.text(at: "code") ?? error?.text(at: "type") ?? "", error?.text(at: "event_id"))
    let text = Self.errorText(event)
    lastError = (code.bounded(to: WireLimits.nameCharactersMax), text)
    let asked = pending ?? answered
    if let asked, code == "conversation_already_has_active_response", id == nil || id == asked.id {
      // The server began to speak by itself while our request was on its way: neither side did wrong.
      (pending, answered, wantsResponse) = (nil, nil, asked.again)
      return askAgainIfWanted(write)
    }
    note(.error, text)
    guard let asked else { return }
    if id == asked.id {
      pending = nil
    } else if id == nil, pending != nil {
      note(.errorWithoutEventID, "an error without event_id while a response was asked for: \(text)")
    }
  }

  /// What an error says, for people.
  static func errorText(_ event: JSONFields) -> String {
    let error = event["error"]
    let message = error?.text(at: "message") ?? event.textIfAny("error") ?? "nothing said"
    let code = error?.text(at: "code").map { " (\($0))" } ?? ""
    return (message + code).bounded(to: 400)
  }

  // MARK: - The caller's turns

  /// The caller's turn that an item is: its number, and when the caller began to speak, or when the item was first named where nothing told that.
  @discardableResult
  private func turn(of id: String) -> RecentIDs.Entry {
    if !turns.contains(id), let spokeAt {
      self.spokeAt = nil
      return turns.insert(id, at: spokeAt)
    }
    return turns.insert(id, at: now)
  }

  /// The caller speaks: what the agent has said and was not played is dropped, and the server told what was.
  private func callerSpeaks(
    _ event: JSONFields, _ queue: inout PlayoutQueue, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void
  ) {
    spokeAt = now
    if let id = event.textIfAny("item_id") { turn(of: id.bounded(to: Self.idCharactersMax)) }
    hasAsked = true  // a caller who speaks waits for no greeting
    handle(.told(.speech(started: true, at: now)))
    cutOff(&queue, write, handle)
  }

  private func receiveWords(_ event: JSONFields, _ handle: (PlatformEvent) -> Void) throws(WireFault) {
    let id = try event.text("item_id", 1...Self.idCharactersMax)
    if event["usage"] == nil {
      note(.transcriptionWithoutUsage, "\(event.place) has no usage; clients that validate reject it")
    }
    let text = try event.text("transcript").bounded(to: Self.textMax)
    let turn = turn(of: id)
    let entry = TranscriptEntry(
      turn: TurnID(turn.number), role: .caller, text: text, at: turn.at, source: .speech, playedText: text)
    handle(.told(.transcript(TranscriptNotice(entry, isFinal: true))))
  }

  // MARK: - The agent's audio

  private func receive(_ event: ServerAudio, _ queue: inout PlayoutQueue) {
    let place: Int
    if let current, event.itemID.isEqual(to: items[current].id),
      event.responseID.isEqual(to: responses[items[current].response].id)
    {
      place = current
    } else {
      place = item(
        String(decoding: event.itemID, as: UTF8.self), of: String(decoding: event.responseID, as: UTF8.self))
    }
    receive(event.audio, of: place, &queue)
  }

  /// Audio of an item as Base64.
  func receive(_ audio: UnsafeRawBufferPointer, of place: Int, _ queue: inout PlayoutQueue) {
    current = place
    let response = items[place].response
    if let cutAt = responses[response].cutAt {
      if responses[response].isDone || now - cutAt > Self.flightMax { noteLate(place, "after it was cut off") }
      return
    }
    guard !responses[response].isDone else { return noteLate(place, "after response.done") }
    responses[response].lastAt = now
    if items[place].utterance == nil { beginItem(place, &queue) }
    let isRead = payload.decode(audio) { append($0, of: place, &queue) }
    if !isRead { note(.badMessage, "response.output_audio.delta.delta: expected audio as Base64, got what is none") }
  }

  private func noteLate(_ place: Int, _ when: String) {
    note(.lateAudio, "audio of \(responses[items[place].response].id.quoted) came \(when); it was not played")
  }

  private func append(_ audio: UnsafeRawBufferPointer, of place: Int, _ queue: inout PlayoutQueue) {
    let isHalf = format.codec == .pcm16 && !audio.count.isMultiple(of: 2)
    if isHalf { note(.badMessage, "audio of \(audio.count) bytes, expected whole samples of two") }
    let whole = isHalf ? UnsafeRawBufferPointer(rebasing: audio.dropLast()) : audio
    settlePlayed(queue.position)
    let start = queue.position + queue.queuedBytes
    guard queue.append(whole) else { return noteQueueFull() }
    playback.append(place, from: start, to: start + whole.count)
    items[place].utterance?.receivedBytes += whole.count
    responses[items[place].response].audioBytes += whole.count
  }

  func noteQueueFull() { log.noteQueueFull(RealtimeFinding.queueFull.code, at: receivedBytes) }

  /// Counts what the queue has played of each item.
  func settlePlayed(_ position: Int) { playback.advance(to: position) { items[$0].utterance?.playedBytes += $1 } }

  /// The first audio of an item: a mark tells when it is played.
  private func beginItem(_ place: Int, _ queue: inout PlayoutQueue) {
    let (id, response) = (items[place].id, responses[items[place].response])
    if !items[place].isOutputAdded {
      note(.outputItemNotAdded, "audio of \(id.quoted) came before response.output_item.added of it")
    }
    if !added.contains(id) { note(.itemNotAdded, "audio of \(id.quoted) came before conversation.item.added of it") }
    if !response.isCreated { noteNotCreated(response.id) }
    for other in items.indices where other != place && items[other].utterance != nil { endItem(other, &queue) }
    utteranceCount += 1
    let utterance = PlayedUtterance(number: utteranceCount, turn: turns.count)
    items[place].utterance = utterance
    if !utterance.markStart(&queue) { noteQueueFull() }
  }

  func noteNotCreated(_ id: String) { note(.responseNotCreated, "\(id.quoted) came without response.created") }

  /// Nothing more of an item is expected: a mark tells when all of it was played.
  func endItem(_ place: Int, _ queue: inout PlayoutQueue) {
    if items[place].utterance?.close(&queue) == false { noteQueueFull() }
  }

  // MARK: - Places

  /// The item with an id; a new one where there is none. Places found before are void then.
  func item(_ id: String, of response: String) -> Int {
    if let place = items.lastIndex(where: { $0.id == id }) { return place }
    let owner = self.response(response)
    items.append(AgentItem(id: id, response: owner))
    return items.count - 1
  }

  /// The response with an id; a new one where there is none. Places found before are void then.
  func response(_ id: String) -> Int {
    if items.count >= Self.entriesMax || responses.count >= Self.entriesMax { forgetOldest() }
    if let place = responses.lastIndex(where: { $0.id == id }) { return place }
    // Whether it is ours or the server's own cannot be told.
    (answered, pending, hasAsked) = (pending ?? answered, nil, true)
    responses.append(AgentResponse(id: id, lastAt: now))
    return responses.count - 1
  }

  private func forgetOldest() {
    let firstItem = items.count >= Self.entriesMax ? items.count / 2 : 0
    let firstResponse = responses.count >= Self.entriesMax ? responses.count / 2 : 0
    var places = [Int?](repeating: nil, count: items.count)
    var kept: [AgentItem] = []
    for (place, item) in items.enumerated() where place >= firstItem && item.response >= firstResponse {
      places[place] = kept.count
      kept.append(item)
      kept[kept.count - 1].response -= firstResponse
    }
    items = kept
    responses.removeFirst(firstResponse)
    playback.move(to: places)
    current = nil
  }

  // MARK: - Time

  /// Asks for what is due, and gives up what did not come.
  public func advance(
    at now: Timestamp, into queue: inout PlayoutQueue, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void
  ) {
    self.now = now
    let start = startedAt ?? now
    startedAt = start
    if now - start > Self.answerMax {
      if sessionAt == nil { note(.sessionNotCreated, "no session.created within 10 s") }
      if !isUpdated { note(.sessionNotUpdated, "session.update was not answered by session.updated within 10 s") }
    }
    if let pending, now - pending.at > Self.answerMax {
      self.pending = nil
      note(.responseNotCreated, "response.create was not answered by response.created within 10 s")
    }
    for place in responses.indices where !responses[place].isDone { giveUpIfSilent(place, &queue, write, handle) }
    if !hasAsked, wantsGreeting(at: now, since: start) { askForResponse(again: false, write) }
  }

  private func wantsGreeting(at now: Timestamp, since start: Timestamp) -> Bool {
    switch settings.greeting {
    case .none: false
    case .ask: isUpdated || now - start > Self.answerMax
    case .auto: (sessionAt.map { now - $0 } ?? (now - start - Self.answerMax)) >= Self.greetingWait
    }
  }

  private func giveUpIfSilent(
    _ place: Int, _ queue: inout PlayoutQueue, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void
  ) {
    let response = responses[place]
    guard now - response.lastAt > Self.answerMax + format.duration(ofBytes: response.audioBytes) else { return }
    note(.responseNotDone, "\(response.id.quoted) was not ended by response.done within 10 s of its last event")
    endResponse(place, isBroken: response.cutAt != nil, &queue, write, handle)
  }

  /// The server closed the connection.
  public func closed(code: Int, reason: String) -> PlatformEnd {
    let why = reason.isEmpty ? "" : ", \(reason.quoted)"
    switch code {
    case 1000, 1005: break
    case 1009: note(.longMessage, "a message of more than 8 MiB, on which we closed")
    default: note(.closed, "the server closed with code \(code)\(why)")
    }
    guard sessionAt != nil else {
      if let lastError { return .refused(code: lastError.code, message: lastError.message) }
      note(.sessionNotCreated, "the server closed with code \(code) before session.created\(why)")
      return .brokenOff
    }
    // The end of a session that has lasted as long as it may.
    if code == 1001, reason.contains("duration") { return .over(.timeLimit) }
    return code == 1001 ? .brokenOff : .usual(code)
  }
}
