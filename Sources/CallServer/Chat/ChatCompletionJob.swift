import CallCore
import CallDriver
import Formats
import JSON
import Logging
import Threads
import WebSockets

/// Passes a client's question on to the language model, and the answer back as it comes. When the client goes, the model is told to stop.
final class ChatCompletionJob: HTTPBodySource {
  /// Most bytes of an answer that wait for the client to read; when there are more, the model is told to stop and the connection is cut.
  static let waitingBytesMax = 1 << 20

  private struct State {
    /// Where the answer goes: first as an answer, then as pieces of it.
    var reply: HTTPReply?
    var piece: HTTPPiece?
    var waiting: [UInt8] = []
    var ticket: (any ModelTicket)?
    /// Nothing more comes.
    var isOver = false
    /// The client reads too slowly.
    var isCut = false
    var isGone = false
    var slot: ChatSlot?
  }

  /// What is to be done outside the lock.
  private enum Step {
    case nothing
    case stream(HTTPReply, [UInt8])
    case send(HTTPPiece, [UInt8], isLast: Bool)
    case answer(HTTPReply, HTTPResponse)
    case cut(HTTPPiece?, (any ModelTicket)?)
  }

  private let request: ChatCompletionRequest
  private let usage: UsageMeter
  private let log: Logger
  private let state: Locked<State>

  init(_ request: ChatCompletionRequest, reply: HTTPReply, slot: ChatSlot, usage: UsageMeter, log: Logger) {
    (self.request, self.usage, self.log) = (request, usage, log)
    state = Locked(State(reply: reply, slot: slot))
  }

  /// Asks.
  func begin(_ model: any ChatRelay, watching reply: HTTPReply) {
    reply.watch { [weak self] in self?.clientGone() }
    let question = ChatRelayRequest(isStreamed: request.isStreamed, wantsUsage: request.wantsUsage) { [request] in
      request.body(model: $0)
    }
    let ticket = model.relay(question) { [self] event in receive(event) }
    let isGone = state.withLock { state in
      state.ticket = ticket
      return state.isGone
    }
    if isGone { ticket.cancel() }
  }

  private func receive(_ event: ChatRelayEvent) {
    switch event {
    case .data(let data): perform(state.withLock { take(data, &$0) })
    case .finished(let cost):
      usage.add(asked: cost)
      perform(state.withLock { finish(&$0) })
    case .failed(let refusal, let cost):
      usage.add(asked: cost)
      if refusal.fault.kind != .cancelled { log.notice("a question to the language model failed: \(refusal.fault)") }
      perform(state.withLock { fail(refusal, &$0) })
    }
  }

  // MARK: - HTTPBodySource

  func pieceWanted(_ piece: HTTPPiece) {
    perform(
      state.withLock { state in
        if state.isCut { return .cut(piece, nil) }
        state.piece = piece
        return next(&state)
      })
  }

  func clientGone() {
    let (ticket, piece) = state.withLock { state in
      state.isGone = true
      defer { state.piece = nil }
      return (state.ticket, state.piece)
    }
    ticket?.cancel()
    withExtendedLifetime(piece) {}
  }

  // MARK: - What follows

  private func take(_ data: [UInt8], _ state: inout State) -> Step {
    guard !state.isCut, !state.isGone else { return .nothing }
    state.waiting += request.isStreamed ? Self.event(data) : data
    guard request.isStreamed else { return .nothing }
    if state.waiting.count > Self.waitingBytesMax {
      state.waiting = []
      state.isCut = true
      defer { state.piece = nil }
      return .cut(state.piece, state.ticket)
    }
    return next(&state)
  }

  private func finish(_ state: inout State) -> Step {
    state.isOver = true
    state.slot = nil
    guard !request.isStreamed else {
      state.waiting += Self.event(Array("[DONE]".utf8))
      return next(&state)
    }
    guard let reply = state.reply else { return .nothing }
    state.reply = nil
    defer { state.waiting = [] }
    return .answer(reply, .json(state.waiting))
  }

  private func fail(_ refusal: ChatRefusal, _ state: inout State) -> Step {
    state.isOver = true
    state.slot = nil
    let told = refusal.speechRefusal
    if let reply = state.reply {
      state.reply = nil
      return .answer(reply, told.response(.openAI))
    }
    guard request.isStreamed, !state.isCut else { return .nothing }
    // Clients take an event with an error for one, and without [DONE] nobody takes half an answer for the whole.
    state.waiting += Self.event(told.fault.json)
    return next(&state)
  }

  /// Hands over what waits, where somebody waits for it.
  private func next(_ state: inout State) -> Step {
    guard !state.waiting.isEmpty || state.isOver else { return .nothing }
    let bytes = state.waiting
    if let reply = state.reply {
      (state.reply, state.waiting) = (nil, [])
      return .stream(reply, bytes)
    }
    guard let piece = state.piece else { return .nothing }
    (state.piece, state.waiting) = (nil, [])
    return .send(piece, bytes, isLast: state.isOver)
  }

  private func perform(_ step: Step) {
    switch step {
    case .nothing: break
    case .stream(let reply, let bytes):
      reply.stream(
        HTTPResponse(
          status: 200, headers: [("content-type", "text/event-stream"), ("cache-control", "no-store")], body: bytes),
        from: self)
    case .send(let piece, let bytes, let isLast): piece.send(bytes, isLast: isLast)
    case .answer(let reply, let response): reply.send(response)
    // Dropping the piece cuts the connection.
    case .cut(let piece, let ticket):
      ticket?.cancel()
      withExtendedLifetime(piece) {}
    }
  }

  /// Data as an event of a stream (WHATWG HTML, 9.2.6).
  static func event(_ data: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(data.count + 8)
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      text += Array("data: ".utf8) + line + [UInt8(ascii: "\n")]
    }
    return text + [UInt8(ascii: "\n")]
  }
}
