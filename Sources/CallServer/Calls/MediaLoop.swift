import CallCore
import CallDriver
import Formats
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
  private var calls: [UInt64: SocketCall] = [:]
  /// Calls by the tick of the frame in which they are looked after.
  private var slots: [[SocketCall]]

  init(server: ServerContext, answers: LoopMailbox, tools: any ToolCaller, slotCount: Int) {
    self.server = server
    self.answers = answers
    self.tools = tools
    slots = Array(repeating: [], count: slotCount)
  }

  /// The engines as seen from this loop; `nil` while they load.
  var work: LiveSpeechTasks? {
    if builtWork == nil, let speechService = server.speechService {
      builtWork = LiveSpeechTasks(speechService: speechService, tools: tools, answers: answers)
    }
    return builtWork
  }

  func tick(at now: UInt64, slot: Int) {
    for index in slots[slot].indices { slots[slot][index].tick(at: now) }
  }

  func upgradeRequested(_ upgrade: UpgradeRequest) -> UpgradeDecision {
    let request = upgrade.request
    guard let wire = RouteTable.wire(at: request.path) else {
      return .refuse(.problem(status: 404, detail: "calls are at \(RouteTable.callPath)"))
    }
    if let refusal = server.authorizer.rejectName(of: request) { return .refuse(refusal) }
    guard server.authorizer.origins.allows(request) else {
      return .refuse(OriginPolicy.foreign(request, "call here"))
    }
    if wire.bringsKeyInMessage, server.authorizer.hasNoKeyYet(request) { return acceptStranger(request, over: wire) }
    let key: String?
    switch server.authorizer.authorize(request) {
    case .answered(let response): return .refuse(response)
    case .route(_, _, let id): key = id
    case .page: key = nil
    }
    if case .refuse(let seconds, let reason) = server.admit(key: key) {
      return .refuse(.later(seconds, reason))
    }
    guard !server.capacity.areAllTaken else {
      server.countRefusal(.lines, key: key)
      return .refuse(Refusal(.lines, "all \(server.capacity.limit) lines are busy").response)
    }
    let flow = request.queryValue(wire == .realtime ? "model" : "flow")
    let isBeta = wire == .realtime && request.headers["openai-beta"]?.contains("realtime=v1") == true
    return .acceptWith(CallHandshake(key: key, wire: wire, flow: flow, isBeta: isBeta))
  }

  /// Whoever shows no key yet takes no line: there is one for him, or none, once his key was looked at.
  private func acceptStranger(_ request: HTTPRequest, over wire: CallWire) -> UpgradeDecision {
    guard !server.capacity.isClosed, !server.capacity.isStrangersRoomFull else {
      return .refuse(.later(1, "too many connections wait for their first message"))
    }
    return .acceptWith(CallHandshake(stranger: server.peer(of: request), wire: wire))
  }

  func opened(_ connection: WebSocketConnection) {
    let slot = slots.indices.min { slots[$0].count < slots[$1].count } ?? 0
    guard let handshake = connection.context as? CallHandshake else {
      preconditionFailure("a WebSocket is accepted with what its handshake told")
    }
    let call = SocketCall(
      number: CallNumber(server.capacity.nextNumber()), connection: connection, loop: self, slot: slot,
      handshake: handshake)
    if handshake.isStranger { server.capacity.reserveForStranger() } else { server.capacity.reserve() }
    connection.context = call
    calls[call.number.value] = call
    slots[slot].append(call)
    call.opened()
  }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    (connection.context as? SocketCall)?.receive(bytes, isText: isText, at: now)
  }

  func skippedMessage(on connection: WebSocketConnection) {
    (connection.context as? SocketCall)?.skippedMessage(at: MonotonicClock.now())
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    guard let call = connection.context as? SocketCall else { return }
    call.connectionClosed(code: code)
    calls[call.number.value] = nil
    slots[call.slot].removeAll { $0 === call }
    if call.isStranger { server.capacity.releaseOfStranger() } else { server.capacity.release() }
  }

  /// An answer to one of this loop's calls; dropped when the call is over.
  func deliver(_ answer: SpeechResult) { calls[answer.call.value]?.deliver(answer.content) }

  /// Ends every call, as the server waits no longer.
  func stopCalls() {
    for call in Array(calls.values) { call.serverStops() }
  }
}

/// How many calls there may be at once, and how many there are.
final class CallCapacity: Sendable {
  let limit: Int
  private let taken = Atomic<Int>(0)
  private let strangers = Atomic<Int>(0)
  private let closed = Atomic<Bool>(false)
  private let lastNumber = Atomic<UInt64>(0)

  init(limit: Int) { self.limit = limit }

  /// Calls that are up.
  var takenCount: Int { taken.load(ordering: .relaxed) }
  var areAllTaken: Bool { takenCount >= limit }

  /// Counts a call. Whether there is a line for it was asked before: several loops may ask at once, so the limit can be passed by
  /// as many calls as there are loops.
  func reserve() { taken.add(1, ordering: .relaxed) }

  func release() { taken.subtract(1, ordering: .relaxed) }

  /// Connections at once whose key is still to come, in their first message. They have no line, and end after `ServerSettings.startWithin`.
  static let strangersMax = 256

  /// Whether no further one is taken.
  var isStrangersRoomFull: Bool { strangers.load(ordering: .relaxed) >= Self.strangersMax }

  /// Counts a connection whose key is still to come.
  func reserveForStranger() { strangers.add(1, ordering: .relaxed) }

  func releaseOfStranger() { strangers.subtract(1, ordering: .relaxed) }

  /// Whether the server is going down and takes no calls.
  var isClosed: Bool { closed.load(ordering: .relaxed) }
  func close() { closed.store(true, ordering: .relaxed) }

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
