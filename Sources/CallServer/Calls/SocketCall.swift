import Bounds
import CallCore
import CallDriver
import Formats
import JSON
import Logging
import Threads
import WebSockets
import Wires

/// One WebSocket and the call on it: turns the wire's events into the call's, and what the call does into the wire's frames. Lives on its
/// loop.
final class SocketCall: CallHost, LoopCall {
  /// Faults of a peer that are answered; the next one ends the call.
  static let faultsMax = 20
  /// How long a platform may take to say that it played the agent's last words before the connection is closed.
  private static let lastMarkWithin: UInt64 = 2_000_000
  /// How long a client may say nothing before the agent speaks first, on wires that need no word of it.
  private static let silentBeginAfter: UInt64 = 1_000_000

  let number: CallNumber
  let slot: Int
  let connection: WebSocketConnection
  unowned let loop: MediaLoop
  private let handshake: CallHandshake
  private let side: any ApplicationSide
  private let openedAt = MonotonicClock.now()
  private var session: CallSession?
  /// The call's zero on the loop's clock.
  private var startedAt: UInt64 = 0
  private var faults = 0
  private var packetBudget = TokenBucket.packets
  private var messageBudget = TokenBucket.messages
  private var playback = PlaybackDelay()
  private var isOver = false
  /// The call is over, and the platform still plays: when to wait no longer, and how to close.
  private var closing: (at: UInt64, reason: CloseReason)?
  private var usage: UsageMeter
  /// Whether the key is still to come: there is no line for it yet.
  private(set) var isStranger: Bool
  private var turns: TurnObserver
  /// What the peer asks the language model beside the call.
  private var asides = AsideQuestions()
  /// What the caller thinks of the call, by the name of the note.
  private var ratings: [String: String] = [:]

  init(number: CallNumber, connection: WebSocketConnection, loop: MediaLoop, slot: Int, handshake: CallHandshake) {
    self.number = number
    self.connection = connection
    self.loop = loop
    self.slot = slot
    self.handshake = handshake
    side = handshake.makeSide(server: loop.server)
    usage = UsageMeter(counter: loop.server.usage, key: handshake.key)
    isStranger = handshake.isStranger
    turns = TurnObserver(figures: loop.server.turnFigures)
  }

  // MARK: - From the loop

  func tick(at now: UInt64) {
    if let closing {
      if !side.awaitsMarks || now > closing.at { close(closing.reason) }
    } else if let session {
      side.advance(at: time(now)) { event in handle(event, at: now) }
      session.tick(at: time(now))
    } else if !isOver, now &- openedAt > Self.silentBeginAfter {
      side.begin { event in handle(event, at: now) }
      refuseSilence(at: now)
    }
  }

  /// No call was asked for.
  private func refuseSilence(at now: UInt64) {
    if session == nil, !isOver, now &- openedAt > UInt64(loop.server.settings.startWithin.microseconds) {
      let seconds = loop.server.settings.startWithin.milliseconds / 1000
      refuse(WireFault(.outOfPlace, "no start came within \(seconds) s"))
    }
  }

  /// The WebSocket is there.
  func opened() {
    if !isStranger { takeLongMessages() }
    guard handshake.isPromising(server: loop.server) else {
      return refuse(WireFault(.refused, "there is no such flow, or the client speaks an old dialect"))
    }
    side.connected { connection.send(text: $0) }
  }

  private func takeLongMessages() {
    if let limits = side.messageLimits { connection.takeMessages(upTo: limits.bytesMax, keeping: limits.keptBytes) }
  }

  /// What counts as one packet at most.
  private static let packetBytesMax = 65_536

  /// A message of the peer was too long.
  func skippedMessage(at now: UInt64) {
    guard !isOver, hasBudget(isText: true, bytes: 0, at: now) else { return }
    countPeerFault()
    side.skippedMessage { connection.send(text: $0) }
  }

  func receive(_ bytes: UnsafeRawBufferPointer, isText: Bool, at now: UInt64) {
    guard !isOver || closing != nil, hasBudget(isText: isText, bytes: bytes.count, at: now) else { return }
    do throws(WireFault) {
      let kind = try side.receive(bytes, isText: isText) { event in handle(event, at: now) }
      if side.hasAudioInText, kind == .message, !messageBudget.consume(at: now) {
        rejectFlood("messages", of: messageBudget, at: now)
      }
    } catch {
      if session == nil { refuse(error) } else { reportFault(error, at: now) }
    }
  }

  /// The loop's time belongs to the other calls, too: more than any caller can need ends the call. Where only reading shows what a frame
  /// is, messages are counted once more then. A long message counts as several: reading it takes as long.
  private func hasBudget(isText: Bool, bytes: Int, at now: UInt64) -> Bool {
    if isText, !side.hasAudioInText {
      if messageBudget.consume(at: now) { return true }
      rejectFlood("messages", of: messageBudget, at: now)
    } else {
      let parts = 1 + bytes / Self.packetBytesMax
      if (0..<parts).allSatisfy({ _ in packetBudget.consume(at: now) }) { return true }
      rejectFlood("packets", of: packetBudget, at: now)
    }
    return false
  }

  private func handle(_ event: WireEvent, at now: UInt64) {
    switch (event, session) {
    case (.opened(let invitation), nil) where !isOver: start(invitation, at: now)
    case (.audio(let packet, let sequence, let stamp), let session?):
      session.receive(packet, sequence: sequence, stamp: stamp, at: time(now))
    case (.key(let digit), let session?): Key(digit).map { session.handle(.keyPressed($0), at: time(now)) }
    case (.text(let text), let session?): session.handle(.typed(text), at: time(now))
    case (.commanded(let command), let session?): session.handle(.commanded(command), at: time(now))
    case (.rated(let rating), .some):
      let note = rating.note
      ratings[note.name] = note.text
      loop.server.turnFigures.add(rating)
    case (.answer(let text, let isFault), _):
      if isFault { countPeerFault() }
      connection.send(text: text)
    case (.played(let utterance, let played), let session?):
      session.handle(.played(utterance, played), at: time(now))
    case (.markReturned(let utterance, let played, let due), .some):
      playback.markReturned(utterance, played, due: due, at: time(now))
    case (.asked(let aside, let question), .some):
      asides.ask(aside, question, in: session?.settings.spans, of: loop.work, call: number)
    case (.stopped(let aside), .some): asides.stop(aside, loop.work, call: number, usage)
    case (.hungUp, let session?):
      session.handle(.hungUp, at: time(now))
      if let closing { close(closing.reason) }
    case (.opened, _), (_, nil): break  // the side lets the first through once, and nothing before it
    }
  }

  func deliver(_ content: SpeechResult.Content) {
    guard let (aside, event) = asides.taken(content) else {
      session?.deliver(content, at: time(MonotonicClock.now()))
      return
    }
    asides.count(aside, event, for: usage)
    guard !isOver else { return }
    send(.aside(aside, AsideNews(event)))
  }

  /// The peer closed with a code of its own, or vanished.
  func connectionClosed(code: Int) {
    let event: CallEvent = code == 1000 || code == 1001 || code == 1005 ? .hungUp : .vanished
    session?.handle(event, at: time(MonotonicClock.now()))
    isOver = true
    asides.stopAll(loop.work, call: number, usage)
  }

  func serverStops() {
    if let session {
      session.handle(.serverStopping, at: time(MonotonicClock.now()))
    } else {
      close(.serverShutdown)
    }
  }

  // MARK: - From the call

  func send(_ packet: AgentPacket) -> Bool {
    side.send(packet) { frame in
      frame.isText
        ? connection.sendText(header: frame.header, payload: frame.payload)
        : connection.sendBinary(header: frame.header, payload: frame.payload)
    }
  }

  func send(_ report: CallReport) {
    turns.observe(report, load: loop.server.conversationLoad)
    send(.report(withoutFolders(report)))
    // A platform plays a little later than we reckon.
    if case .agentInterrupted(let entry) = report, let utterance = entry.utterance {
      let played = playback.played(utterance, reckoned: entry.heard)
      if played < entry.heard { session?.handle(.played(utterance, played), at: time(MonotonicClock.now())) }
    }
  }

  /// What goes out tells of files by their names alone; the log has the whole paths.
  private func withoutFolders(_ report: CallReport) -> CallReport {
    guard case .trouble(let code, let message) = report else { return report }
    let told = message.withoutFolders
    if told != message { loop.server.log.error("\(code): \(CallLogText.printable(message))") }
    return .trouble(code: code, message: told)
  }

  func ended(_ ended: StoredCall) {
    isOver = true
    asides.stopAll(loop.work, call: number, usage)
    var call = ended
    call.record.metadata.merge(ratings) { $1 }
    // So that whoever finds the call finds its trace.
    if let spans = session?.settings.spans, spans.isSampled { call.record.metadata["traceId"] = spans.trace.text }
    for index in call.record.timeline.indices where call.record.timeline[index].kind == .engineFailed {
      call.record.timeline[index].detail = call.record.timeline[index].detail.withoutFolders
    }
    let reason = call.record.reason ?? .completed
    turns.end(reason)
    send(.ended(reason, CallDocument(call.record, recordingBytes: call.recording?.byteCount)))
    if let session {
      loop.server.figures.count(packets: session.sentPackets)
      usage.add(session.usage)
    }
    loop.server.archive(call)
    if let session { loop.server.spans.export(call.record, session.requestLog, in: session.settings.spans) }
    if reason.hasLastWords, side.awaitsMarks {
      closing = (MonotonicClock.now() + Self.lastMarkWithin, reason)
    } else {
      close(reason)
    }
  }

  // MARK: - Beginning and end

  private func start(_ invitation: CallInvitation, at now: UInt64) {
    do throws(WireFault) {
      if isStranger { try admit(invitation.apiKey) }
      var invitation = invitation
      invitation.request = try handshake.completed(invitation.request, server: loop.server)
      let setup = try CallSetup(
        invitation, of: usage.key, over: side.wire, lead: side.playoutLead, traceparent: handshake.traceparent,
        server: loop.server)
      guard let work = loop.work else { throw WireFault(.refused, "the speech engines are still loading") }
      let session = try setup.makeSession(number: number, work: work, host: self)
      self.session = session
      startedAt = now
      loop.server.figures.add(\.callsStarted)
      let settings = session.settings
      var notice = ReadyNotice(
        callID: settings.id, codec: settings.format.codec, sampleRate: settings.format.sampleRate,
        flow: settings.flowName, voice: settings.voice)
      notice.startedAtUnixMicroseconds = settings.startedAtUnixMicroseconds
      turns.begin(
        atUnixMicroseconds: settings.startedAtUnixMicroseconds, isSpoken: !settings.isAgentSilent
      ) {
        [unowned self] in time(MonotonicClock.now())
      }
      send(.ready(notice))
      session.handle(.began, at: .zero)
    } catch {
      refuse(error)
    }
  }

  /// Looks at the key that came in the first message, and gives its holder a line.
  private func admit(_ text: String?) throws(WireFault) {
    let key = try handshake.authorize(text, server: loop.server)
    usage = UsageMeter(counter: loop.server.usage, key: key)
    if case .refuse(let seconds, let reason) = loop.server.admit(key: key) {
      throw WireFault(.busy, "\(reason); try again in \(seconds) s")
    }
    loop.server.capacity.releaseOfStranger()
    loop.server.capacity.reserve()
    isStranger = false
    takeLongMessages()
  }

  private func countPeerFault() {
    loop.server.figures.add(\.peerFaults)
    loop.server.turnFigures.addError(at: .connection)
  }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- startedAt))
  }

  private func send(_ command: WireCommand) {
    if session != nil { side.setTime(time(MonotonicClock.now())) }
    side.send(command) { connection.send(text: $0) }
  }

  private func close(_ reason: CloseReason) {
    closing = nil
    if reason == .timeLimit, let text = side.expiryText {
      return connection.close(code: CloseCode.goingAway, reason: text)
    }
    connection.close(code: side.closeCode ?? reason.closeCode, reason: reason.rawValue)
  }

  /// The call cannot begin.
  private func refuse(_ fault: WireFault) {
    guard !isOver else { return }
    isOver = true
    // Those of keys are counted with keys, those of lines with lines.
    if ![.wrongKey, .inactiveKey, .busy].contains(fault.code) { loop.server.countRefusal(.request, key: usage.key) }
    if !side.tellsFaults {
      loop.server.log.notice(
        "a call over \(side.wire.rawValue) was refused: \(CallLogText.printable(fault.description))")
    }
    send(.fault(fault, isFatal: true))
    send(.ended(.refused, nil))
    close(.refused)
  }

  private func rejectFlood(_ what: String, of budget: TokenBucket, at now: UInt64) {
    reportFault(
      WireFault(
        .tooMany, "too many \(what): at most \(budget.perSecond) a second are taken, and \(budget.atOnce) at once"),
      at: now)
  }

  /// Something is wrong with what the peer sent; the call goes on unless it is too much.
  private func reportFault(_ fault: WireFault, at now: UInt64) {
    guard !isOver else { return }
    faults += 1
    let isTooMuch = fault.isFatal || faults > Self.faultsMax
    countPeerFault()
    send(.fault(fault, isFatal: isTooMuch))
    if isTooMuch { session?.handle(.protocolBroken, at: time(now)) }
  }
}

/// Where a call comes from, as far as the handshake tells: known before there is a call on the WebSocket.
final class CallHandshake: Sendable {
  /// Id of the key that it was opened with, where there are keys.
  let key: String?
  /// What is spoken.
  let wire: CallWire
  /// The flow that the address names, for wires whose messages name none.
  private let flow: String?
  /// Our id of the telephone call that it is, where that was placed from here by a key.
  private let phoneCall: String?
  /// Whether it is for a dialect that is not spoken any more.
  private let isBeta: Bool
  /// What the client's secret says of its session.
  private let preset: RealtimePreset?
  /// What the handshake says of the trace that the call belongs to.
  let traceparent: String?
  /// Where it comes from, while its key is still to come in its first message.
  private let stranger: ClientAddress?

  init(
    key: String?, wire: CallWire, flow: String?, phoneCall: String? = nil, isBeta: Bool = false,
    preset: RealtimePreset? = nil, traceparent: String? = nil
  ) {
    self.traceparent = traceparent
    (self.phoneCall, self.isBeta, self.preset) = (phoneCall, isBeta, preset)
    self.key = key
    self.wire = wire
    self.flow = flow
    stranger = nil
  }

  /// One that brings no key yet, on a server that asks for one.
  init(stranger peer: ClientAddress, wire: CallWire, traceparent: String? = nil) {
    self.traceparent = traceparent
    (key, flow, phoneCall, isBeta, preset) = (nil, nil, nil, false, nil)
    self.wire = wire
    stranger = peer
  }

  /// Whether its key is still to come in its first message.
  var isStranger: Bool { stranger != nil }

  /// Looks at the key of the first message.
  /// - Returns: its id; `nil` where no keys are asked for any more.
  /// - Throws: `.wrongKey`, `.inactiveKey` or `.busy`.
  func authorize(_ text: String?, server: ServerContext) throws(WireFault) -> String? {
    guard let stranger, let keys = server.authorizer.keyService else { return key }
    let presented = text.flatMap { $0.isEmpty ? nil : KeySecret(presented: $0) }
    switch keys.check(presented, for: .call, from: stranger) {
    case .open: return nil
    case .accepted(let id): return id
    case .refused(let refusal): throw WireFault(refusal)
    }
  }

  /// The answering end of the wire.
  func makeSide(server: ServerContext) -> any ApplicationSide {
    if wire == .legacy { return LegacyApplicationSide { server.conversationLoad } }
    guard wire == .realtime else { return TelephonyApplicationSide(wire) ?? NativeApplicationSide() }
    var address = RealtimeAddress(model: flowName(server: server), server: server)
    (address.isBeta, address.preset) = (isBeta, preset)
    address.isModel = address.isModel && mayTalk(server: server)
    return RealtimeApplicationSide(address, knownFlows: hasAgent(server: server) ? nil : server.flows.names)
  }

  /// Whether there can be a call, where the client is to know that before it says anything.
  func isPromising(server: ServerContext) -> Bool { !isBeta && hasAgent(server: server) }

  private func hasAgent(server: ServerContext) -> Bool {
    wire != .realtime || server.flows[flowName(server: server)] != nil || mayTalk(server: server)
  }

  /// Whether the client may bring a language model its own instructions: its key has the scope `model`, and a secret that names a model names this.
  private func mayTalk(server: ServerContext) -> Bool {
    guard server.hasModel, preset?.model == nil || preset?.model == flowName(server: server) else { return false }
    // Without a key there is nothing that could lack a scope: none is asked for.
    guard let keys = server.authorizer.keyService, let key else { return true }
    return keys.grants(.model, to: key)
  }

  private func flowName(server: ServerContext) -> String {
    flow?.bounded(to: WireLimits.nameCharactersMax) ?? server.settings.defaultFlow
  }

  /// The request with what only the address or the server knows.
  /// - Throws: `.refused` for a number that is switched off.
  func completed(_ request: StartRequest, server: ServerContext) throws(WireFault) -> StartRequest {
    var request = request
    // The history says what a call was spoken over and which telephone call it is, whatever the client's notes say.
    request.metadata[PhoneCallService.metadataItem] = phoneCall
    guard wire != .voiceforge else {
      request.metadata["wire"] = nil
      return request
    }
    // Of a call that was placed from here, the called number is somebody else's.
    let isInbound = CallWire.telephony.contains(wire) && phoneCall == nil
    let called = isInbound ? request.metadata["to"].flatMap { server.numbers?[$0] } : nil
    if let called, !called.isActive { throw WireFault(.refused, "the number \(called.number) is switched off") }
    if request.flow.isEmpty {
      request.flow = flow == nil ? called?.flow ?? flowName(server: server) : flowName(server: server)
    }
    // Clients of OpenAI name its voices.
    if wire == .realtime, let voice = request.voice, server.voices[voice] == nil { request.voice = nil }
    request.metadata["wire"] = wire.rawValue
    return request
  }
}

extension CloseReason {
  /// Whether the agent ends such a call by itself, after words that are to be heard.
  fileprivate var hasLastWords: Bool {
    switch self {
    case .completed, .transferred, .noInput, .noMatch: true
    case .callerHungUp, .callerVanished, .engineFailed, .timeLimit, .protocolError, .serverShutdown, .refused: false
    }
  }

  /// The WebSocket's close code (RFC 6455 section 7.4.1).
  var closeCode: Int {
    switch self {
    case .protocolError, .refused: 1008
    case .engineFailed: 1011
    case .serverShutdown: 1001
    case .completed, .callerHungUp, .callerVanished, .noInput, .noMatch, .transferred, .timeLimit: 1000
    }
  }
}

extension TokenBucket {
  /// Audio packets: a call has 50 a second. The bucket holds what a network kept back for over a minute.
  static let packets = TokenBucket(perSecond: 200, atOnce: 4000)
  /// Messages: a client that tells what it played sends some 10 a second. The bucket holds a long number typed at once, many times over.
  fileprivate static let messages = TokenBucket(perSecond: 50, atOnce: 500)
}
