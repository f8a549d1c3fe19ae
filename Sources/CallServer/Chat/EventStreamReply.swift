import Threads
import WebSockets

/// Answers a request with events (WHATWG HTML, 9.2.6) as they come, or with a plain answer as long as none was sent. What waits for the client to
/// read is bounded: beyond it the answer is given up and the connection cut.
final class EventStreamReply: HTTPBodySource {
  /// Most bytes that wait for the client to read.
  static let waitingBytesMax = 1 << 20

  private struct State {
    /// Where the answer goes: first as an answer, then as pieces of it.
    var reply: HTTPReply?
    var piece: HTTPPiece?
    var waiting: [UInt8] = []
    var giveUp: (@Sendable () -> Void)?
    /// Nothing more comes.
    var isOver = false
    /// The client reads too slowly.
    var isCut = false
    var isGone = false
  }

  /// What is to be done outside the lock.
  private enum Step {
    case nothing
    case stream(HTTPReply, [UInt8])
    case send(HTTPPiece, [UInt8], isLast: Bool)
    case answer(HTTPReply, HTTPResponse)
    /// Dropping the piece cuts the connection.
    case giveUp((@Sendable () -> Void)?, HTTPPiece?)
  }

  private let state: Locked<State>

  init(_ reply: HTTPReply) {
    state = Locked(State(reply: reply))
    reply.watch { [weak self] in self?.clientGone() }
  }

  /// Has `giveUp` called when the client goes or reads too slowly; at once where that was so already.
  func whenGone(_ giveUp: @escaping @Sendable () -> Void) {
    let isGone = state.withLock { state in
      let isGone = state.isGone || state.isCut
      // What it holds holds this reply.
      if !isGone, !state.isOver { state.giveUp = giveUp }
      return isGone
    }
    if isGone { giveUp() }
  }

  /// Sends an event.
  func send(_ data: [UInt8]) {
    change { state in
      guard !state.isCut, !state.isGone, !state.isOver else { return .nothing }
      state.waiting += Self.event(data)
      guard state.waiting.count <= Self.waitingBytesMax else {
        state.waiting = []
        state.isCut = true
        defer { (state.piece, state.giveUp) = (nil, nil) }
        return .giveUp(state.giveUp, state.piece)
      }
      return Self.next(&state)
    }
  }

  /// Sends the last event.
  func end(_ data: [UInt8]) {
    change { state in
      guard !state.isCut else { return .nothing }
      state.waiting += Self.event(data)
      (state.isOver, state.giveUp) = (true, nil)
      return Self.next(&state)
    }
  }

  /// Answers, where nothing was sent yet; else sends the last event.
  func end(_ response: HTTPResponse, orEvent data: [UInt8]) {
    let isPlain = change { state in
      guard let reply = state.reply else { return .nothing }
      (state.reply, state.isOver, state.giveUp) = (nil, true, nil)
      return .answer(reply, response)
    }
    if !isPlain { end(data) }
  }

  func pieceWanted(_ piece: HTTPPiece) {
    change { state in
      if state.isCut { return .giveUp(nil, piece) }
      state.piece = piece
      return Self.next(&state)
    }
  }

  func clientGone() {
    change { state in
      state.isGone = true
      defer { (state.piece, state.giveUp) = (nil, nil) }
      return .giveUp(state.giveUp, state.piece)
    }
  }

  /// Hands over what waits, where somebody waits for it.
  private static func next(_ state: inout State) -> Step {
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

  static let headers = [("content-type", "text/event-stream"), ("cache-control", "no-store")]

  /// - Returns: whether something was to be done.
  @discardableResult
  private func change(_ body: (inout State) -> Step) -> Bool {
    switch state.withLock({ body(&$0) }) {
    case .nothing: return false
    case .stream(let reply, let bytes):
      reply.stream(HTTPResponse(status: 200, headers: Self.headers, body: bytes), from: self)
    case .send(let piece, let bytes, let isLast): piece.send(bytes, isLast: isLast)
    case .answer(let reply, let response): reply.send(response)
    case .giveUp(let giveUp, let piece):
      giveUp?()
      withExtendedLifetime(piece) {}
    }
    return true
  }

  /// `data` as one event.
  static func event(_ data: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(data.count + 8)
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      text += Array("data: ".utf8) + line + [UInt8(ascii: "\n")]
    }
    return text + [UInt8(ascii: "\n")]
  }
}
