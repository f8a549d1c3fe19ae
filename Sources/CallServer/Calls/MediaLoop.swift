import CallCore
import CallDriver
import Formats
import Logging
import Synchronization
import Threads
import WebSockets
import Wires

/// The calls of one media loop. Lives on the loop's thread.
final class MediaLoop: LoopHandler {
  let server: ServerContext
  private let answers: LoopMailbox
  private let tools: any ToolCaller
  private var builtWork: LiveSpeechTasks?
  private var calls: [UInt64: any LoopCall] = [:]
  /// Those of them whose caller's words were recognised once.
  private var speakers: Set<UInt64> = []
  /// Calls by the tick of the frame in which they are looked after.
  private var slots: [[any LoopCall]]

  init(server: ServerContext, answers: LoopMailbox, tools: any ToolCaller, slotCount: Int) {
    self.server = server
    self.answers = answers
    self.tools = tools
    slots = Array(repeating: [], count: slotCount)
  }

  /// The engines as seen from this loop; `nil` while they load.
  var work: LiveSpeechTasks? {
    if builtWork == nil, let speechService = server.speechService {
      builtWork = LiveSpeechTasks(speechService: speechService, tools: tools, model: server.model, answers: answers)
    }
    return builtWork
  }

  func tick(at now: UInt64, slot: Int) {
    for index in slots[slot].indices { slots[slot][index].tick(at: now) }
  }

  func upgradeRequested(_ upgrade: UpgradeRequest) -> UpgradeDecision {
    let request = upgrade.request
    if RouteTable.isCallerStream(request.path) { return callerStreamRequested(request) }
    guard let wire = RouteTable.wire(at: request.path) else {
      return .refuse(.problem(status: 404, detail: "calls are at \(RouteTable.callPath)"))
    }
    if let refusal = server.authorizer.rejectName(of: request) { return .refuse(refusal) }
    guard server.authorizer.origins.allows(request) else {
      return .refuse(OriginPolicy.foreign(request, "call here"))
    }
    if wire.bringsKeyInMessage, server.authorizer.hasNoKeyYet(request) { return acceptStranger(request, over: wire) }
    let (key, phoneCall): (String?, String?)
    switch server.authorizer.authorize(request) {
    case .answered(let response): return .refuse(response)
    case .route(_, _, let id, let call): (key, phoneCall) = (id, call)
    case .page: (key, phoneCall) = (nil, nil)
    }
    if phoneCall != nil {
      // Admission was asked when it was dialed, and somebody holds a telephone now.
      guard !server.capacity.refusesStreams else { return .refuse(.later(1, "the server is going down")) }
    } else if case .refuse(let seconds, let reason) = server.admit(key: key) {
      server.authorizer.giveTokenBack(of: request)
      return .refuse(.later(seconds, reason))
    }
    guard !server.capacity.areAllTaken else {
      server.countRefusal(.lines, key: key)
      server.authorizer.giveTokenBack(of: request)
      return .refuse(Refusal(.lines, "all \(server.capacity.limit) lines are busy").response)
    }
    let traceparent = request.headers["traceparent"]
    guard wire == .realtime else {
      return .acceptWith(
        CallHandshake(
          key: key, wire: wire, flow: request.queryValue("flow"), phoneCall: phoneCall, traceparent: traceparent))
    }
    let preset = server.authorizer.realtimePreset(of: request)
    let flow = request.queryValue("model") ?? preset?.model
    let isBeta = request.headers["openai-beta"]?.contains("realtime=v1") == true
    return .acceptWith(
      CallHandshake(key: key, wire: wire, flow: flow, isBeta: isBeta, preset: preset, traceparent: traceparent))
  }

  /// Whoever shows no key yet takes no line: there is one for him, or none, once his key was looked at.
  private func acceptStranger(_ request: HTTPRequest, over wire: CallWire) -> UpgradeDecision {
    guard !server.capacity.isClosed, !server.capacity.isStrangersRoomFull else {
      return .refuse(.later(1, "too many connections wait for their first message"))
    }
    return .acceptWith(
      CallHandshake(stranger: server.peer(of: request), wire: wire, traceparent: request.headers["traceparent"]))
  }

  func opened(_ connection: WebSocketConnection) {
    let slot = slots.indices.min { slots[$0].count < slots[$1].count } ?? 0
    let call = makeCall(on: connection, slot: slot)
    if call.isStranger { server.capacity.reserveForStranger() } else { server.capacity.reserve() }
    connection.context = call
    calls[call.number.value] = call
    slots[slot].append(call)
    call.opened()
  }

  private func makeCall(on connection: WebSocketConnection, slot: Int) -> any LoopCall {
    let number = CallNumber(server.capacity.nextNumber())
    if let ticket = connection.context as? CallerStreamTicket {
      return CallerSocket(number: number, connection: connection, loop: self, slot: slot, seat: ticket.seat)
    }
    guard let handshake = connection.context as? CallHandshake else {
      preconditionFailure("a WebSocket is accepted with what its handshake told")
    }
    return SocketCall(number: number, connection: connection, loop: self, slot: slot, handshake: handshake)
  }

  /// A provider connects a call that was dialed from here: admission was asked when it was dialed.
  private func callerStreamRequested(_ request: HTTPRequest) -> UpgradeDecision {
    switch server.authorizer.authorize(request) {
    case .answered(let response): return .refuse(response)
    case .page: return .refuse(.unrouted(request))
    case .route(_, let arguments, _, _):
      guard !server.capacity.refusesStreams else { return .refuse(.later(1, "the server is going down")) }
      guard let id = arguments[.id], let secret = arguments[.token],
        let seat = server.callerStreams.claim(id, secret: secret)
      else {
        return .refuse(
          .problem(status: 403, detail: "no call waits for this stream: the token is wrong, was used, or came too late")
        )
      }
      return .acceptWith(CallerStreamTicket(seat: seat))
    }
  }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    (connection.context as? any LoopCall)?.receive(bytes, isText: isText, at: now)
  }

  func skippedMessage(on connection: WebSocketConnection) {
    (connection.context as? any LoopCall)?.skippedMessage(at: MonotonicClock.now())
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    guard let call = connection.context as? any LoopCall else { return }
    call.connectionClosed(code: code)
    calls[call.number.value] = nil
    if speakers.remove(call.number.value) != nil { server.capacity.releaseOfSpeaker() }
    slots[call.slot].removeAll { $0 === call }
    if call.isStranger { server.capacity.releaseOfStranger() } else { server.capacity.release() }
  }

  /// An answer to one of this loop's calls; dropped when the call is over.
  func deliver(_ answer: SpeechResult) {
    if case .model(_, .failed(let fault)) = answer.content, fault.kind != .cancelled {
      server.log.warning("a call has no answer: \(fault)")
    }
    guard let call = calls[answer.call.value] else { return }
    if case .words = answer.content, speakers.insert(answer.call.value).inserted { server.capacity.reserveForSpeaker() }
    call.deliver(answer.content)
  }

  /// Ends every call, as the server waits no longer.
  func stopCalls() {
    for call in Array(calls.values) { call.serverStops() }
  }
}

/// What a media loop carries on one WebSocket. Lives on the loop.
protocol LoopCall: AnyObject {
  /// No other call's.
  var number: CallNumber { get }
  /// The tick of the frame in which it is looked after.
  var slot: Int { get }
  /// Whether the peer has shown no key yet, and so takes no line.
  var isStranger: Bool { get }
  /// The WebSocket is there.
  func opened()
  /// Does what is due; called every 20 ms.
  func tick(at now: UInt64)
  func receive(_ bytes: UnsafeRawBufferPointer, isText: Bool, at now: UInt64)
  /// A message was longer than the connection takes.
  func skippedMessage(at now: UInt64)
  /// The peer closed with a code of its own, or vanished.
  func connectionClosed(code: Int)
  /// The server waits no longer.
  func serverStops()
  /// An answer of the speech engines or a tool.
  func deliver(_ content: SpeechResult.Content)
}

extension LoopCall {
  /// It was let in by what its handshake showed.
  var isStranger: Bool { false }
}

/// Who talks on a media stream that was let in, known before the WebSocket is there.
final class CallerStreamTicket: Sendable {
  let seat: CallerStreams.Seat

  init(seat: CallerStreams.Seat) { self.seat = seat }
}

/// How many calls there may be at once, and how many there are.
final class CallCapacity: Sendable {
  let limit: Int
  private let taken = Atomic<Int>(0)
  private let ended = Atomic<Int>(0)
  private let strangers = Atomic<Int>(0)
  private let speakers = Atomic<Int>(0)
  private let closed = Atomic<Bool>(false)
  private let streamsRefused = Atomic<Bool>(false)
  private let lastNumber = Atomic<UInt64>(0)

  init(limit: Int) { self.limit = limit }

  /// Calls that are up.
  var takenCount: Int { taken.load(ordering: .relaxed) }
  var areAllTaken: Bool { takenCount >= limit }

  /// Counts a call. Whether there is a line for it was asked before: several loops may ask at once, so the limit can be passed by
  /// as many calls as there are loops.
  func reserve() { taken.add(1, ordering: .relaxed) }

  func release() {
    taken.subtract(1, ordering: .relaxed)
    ended.add(1, ordering: .relaxed)
  }

  /// Calls that are over, since the start.
  var endedCount: Int { ended.load(ordering: .relaxed) }

  /// Connections at once whose key is still to come, in their first message. They have no line, and end after `ServerSettings.startWithin`.
  static let strangersMax = 256

  /// Whether no further one is taken.
  var isStrangersRoomFull: Bool { strangers.load(ordering: .relaxed) >= Self.strangersMax }

  /// Counts a connection whose key is still to come.
  func reserveForStranger() { strangers.add(1, ordering: .relaxed) }

  func releaseOfStranger() { strangers.subtract(1, ordering: .relaxed) }

  /// Calls whose caller's words were recognised once: they cost the speech engines what calls do.
  var speakerCount: Int { speakers.load(ordering: .relaxed) }

  func reserveForSpeaker() { speakers.add(1, ordering: .relaxed) }

  func releaseOfSpeaker() { speakers.subtract(1, ordering: .relaxed) }

  /// Whether the server is out of service and takes no calls.
  var isClosed: Bool { closed.load(ordering: .relaxed) }
  func close() { closed.store(true, ordering: .relaxed) }
  func open() { closed.store(false, ordering: .relaxed) }

  /// Whether the media streams of calls that were dialed from here are refused, too: the process ends.
  var refusesStreams: Bool { streamsRefused.load(ordering: .relaxed) }
  /// Refuses calls and media streams, for good.
  func closeForStreams() {
    close()
    streamsRefused.store(true, ordering: .relaxed)
  }

  /// A number that no call of this process had before.
  func nextNumber() -> UInt64 { lastNumber.add(1, ordering: .relaxed).newValue }
}

/// Brings answers from worker threads to the media loop of the call.
final class LoopMailbox: SpeechResultSink {
  private let loop = Locked<ServiceLoop?>(nil)

  /// Must be called once, before the first call.
  func connect(to loop: ServiceLoop) { self.loop.withLock { $0 = loop } }

  func post(_ answer: SpeechResult) {
    // A full mailbox drops the answer; the call's own time-out covers it.
    _ = loop.withLock { $0 }?.post { context in (context.handler as? MediaLoop)?.deliver(answer) }
  }
}
