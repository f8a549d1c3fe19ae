import CallCore
import CallDriver
import Formats
import Threads
import WebSockets

/// Reads the body of a model's answer, which comes in pieces that may end anywhere.
protocol ModelAnswerReader: Sendable {
  /// What is told of it as it comes.
  associatedtype Piece: Sendable

  /// Whether nothing of the answer is missing, although more may come.
  var isWhole: Bool { get }
  /// Whether the server said that nothing more comes.
  var isDone: Bool { get }
  /// The model that answers, as the server calls it; `nil` while it did not say.
  var model: String? { get }

  /// The next bytes.
  mutating func read(_ bytes: UnsafeRawBufferPointer, _ deliver: (Piece) -> Void) throws(ModelFault)
  /// There are no more.
  mutating func end(_ deliver: (Piece) -> Void) throws(ModelFault)

  /// Whether somebody may have heard something once this is told, so that there is no other try.
  static func isContent(_ piece: Piece) -> Bool
}

extension ChatStreamReader: ModelAnswerReader {
  static func isContent(_ piece: ModelDelta) -> Bool { piece.isContent }
}

extension ChatRelayReader: ModelAnswerReader {
  static func isContent(_ piece: [UInt8]) -> Bool { true }
}

/// What a model is asked, and how its answer is read.
struct ModelQuestion<Reader: ModelAnswerReader>: Sendable {
  /// For one try.
  var makeReader: @Sendable () -> Reader
  /// The body of the request to a model.
  var makeBody: @Sendable (_ model: String) throws(ModelFault) -> [UInt8]
  /// Whether the answer comes piece by piece; a whole one has only its own limit of time.
  var isStreamed = true
  /// The trace that it is asked in; `nil`: none.
  var traceparent: String?

  init(
    makeReader: @escaping @Sendable () -> Reader,
    makeBody: @escaping @Sendable (_ model: String) throws(ModelFault) -> [UInt8]
  ) {
    (self.makeReader, self.makeBody) = (makeReader, makeBody)
  }
}

/// One question and its tries: the model, once more where that may help, and the fallback. Once words or calls have come there is no other try:
/// somebody may have heard them.
final class ModelExchange<Reader: ModelAnswerReader>: ModelTicket {
  /// What comes of it.
  enum Event: Sendable {
    /// More of the answer.
    case piece(Reader.Piece)
    /// Nothing more comes.
    case over(End)
  }

  /// How it ended.
  struct End: Sendable {
    /// Why there is no whole answer; `nil`: there is.
    var fault: ModelFault?
    /// What the server refused the last try with, where it did.
    var response: HTTPClientResponse?
    /// As far as it read the last try.
    var reader: Reader
    /// Who answered, as the server or the settings call it.
    var model: String
  }

  private static var answerBytesMax: Int { 16 << 20 }

  private let id: UInt64
  private let question: ModelQuestion<Reader>
  private let service: ModelService
  private let client: HTTPClient
  private let timer: ModelTimer
  private let deliver: @Sendable (Event) -> Void
  private let wholeDeadline: Deadline
  private let state: Locked<State>

  private struct State {
    /// What is told next; whoever tells goes on until it is empty, so that everything is told in order and one after the other.
    var outbox: [Event] = []
    var isTelling = false
    var isOver = false
    /// Counts the tries; what an older one brings is dropped.
    var attempt = 0
    var ticket: HTTPClientTicket?
    var reader: Reader
    var hasContent = false
    /// On the monotonic clock, in microseconds: when this try began or words came last.
    var heardAt: UInt64 = 0
    var hasRetried = false
    var isFallback = false
  }

  private enum Next: Equatable {
    case nothing
    case over
    case again(after: Duration)
  }

  init(
    id: UInt64, _ question: ModelQuestion<Reader>, _ service: ModelService, client: HTTPClient, timer: ModelTimer,
    _ deliver: @escaping @Sendable (Event) -> Void
  ) {
    (self.id, self.question, self.service, self.client) = (id, question, service, client)
    state = Locked(State(reader: question.makeReader()))
    (self.timer, self.deliver) = (timer, deliver)
    wholeDeadline = .after(service.times.wholeMax)
  }

  // MARK: - A try

  func begin() {
    let (attempt, model) = state.withLock { state -> (Int?, String) in
      let model = state.isFallback ? service.fallback ?? service.model : service.model
      guard !state.isOver else { return (nil, model) }
      state.attempt += 1
      state.reader = question.makeReader()
      state.heardAt = MonotonicClock.now()
      return (state.attempt, model)
    }
    guard let attempt else { return }
    let body: [UInt8]
    do throws(ModelFault) { body = try question.makeBody(model) } catch {
      return fail(error, in: attempt)
    }
    guard wait(for: attempt) else { return }
    let ticket = client.send(httpRequest(body, model, attempt)) { [self] outcome in end(outcome, model, in: attempt) }
    let isOld = state.withLock { state in
      guard !state.isOver, state.attempt == attempt else { return true }
      state.ticket = ticket
      return false
    }
    if isOld { ticket.cancel() }
  }

  private func httpRequest(_ body: [UInt8], _ model: String, _ attempt: Int) -> HTTPClientRequest {
    var headers = [
      ("content-type", "application/json"), ("accept", question.isStreamed ? "text/event-stream" : "application/json"),
    ]
    if let key = service.address.key { headers.append(("authorization", "Bearer \(key)")) }
    if let traceparent = question.traceparent { headers.append(("traceparent", traceparent)) }
    var request = HTTPClientRequest(
      method: "POST", url: service.address.base + "/chat/completions", headers: headers, body: body,
      timeout: service.times.wholeMax, responseBytesMax: Self.answerBytesMax,
      onPiece: { [self] piece in receive(piece, model, in: attempt) })
    request.connectTimeout = service.times.connectMax
    request.permits = { _, _, _ in true }  // so that a slow name server holds up nobody else
    return request
  }

  private func receive(_ piece: UnsafeRawBufferPointer, _ model: String, in attempt: Int) {
    let (fault, isDone, isNewlyWhole, ticket) = state.withLock {
      state -> (ModelFault?, Bool, Bool, HTTPClientTicket?) in
      guard !state.isOver, state.attempt == attempt else { return (nil, false, false, nil) }
      let wasWhole = state.reader.isWhole
      var pieces: [Reader.Piece] = []
      var fault: ModelFault?
      do throws(ModelFault) { try state.reader.read(piece) { pieces.append($0) } } catch { fault = error }
      Self.append(pieces, into: &state)
      // Some servers keep the connection up behind the last event.
      let isDone = fault == nil && state.reader.isDone
      if isDone { fault = finish(model, &state) }
      return (fault, isDone, !wasWhole && state.reader.isWhole, state.ticket)
    }
    if let fault { return fail(fault, in: attempt) }
    if isDone {
      timer.clear(id)
      ticket?.cancel()
    } else if isNewlyWhole {
      _ = wait(for: attempt)  // for what it cost, or for nothing
    }
    tell()
  }

  private static func append(_ pieces: [Reader.Piece], into state: inout State) {
    guard !pieces.isEmpty else { return }
    state.heardAt = MonotonicClock.now()
    if pieces.contains(where: Reader.isContent) { state.hasContent = true }
    state.outbox += pieces.map(Event.piece)
  }

  /// The body is over.
  /// - Returns: why that is no whole answer.
  private func finish(_ model: String, _ state: inout State) -> ModelFault? {
    var pieces: [Reader.Piece] = []
    do throws(ModelFault) { try state.reader.end { pieces.append($0) } } catch { return error }
    Self.append(pieces, into: &state)
    state.isOver = true
    state.outbox.append(.over(End(reader: state.reader, model: state.reader.model ?? model)))
    return nil
  }

  private func end(_ outcome: Result<HTTPClientResponse, HTTPClientError>, _ model: String, in attempt: Int) {
    var refusal: HTTPClientResponse?
    let fault = state.withLock { state -> ModelFault? in
      guard !state.isOver, state.attempt == attempt else { return nil }
      switch outcome {
      // Servers forget the last chunk of a body.
      case .failure(.closedEarly) where state.reader.isWhole: return finish(model, &state)
      case .failure(let error): return self.fault(of: error, hasContent: state.hasContent)
      case .success(let response) where !(200..<300).contains(response.status):
        refusal = response
        return self.fault(of: response, model)
      case .success: return finish(model, &state)
      }
    }
    if let fault { return fail(fault, refusal, in: attempt) }
    timer.clear(id)
    tell()
  }

  // MARK: - When it fails

  /// - Parameter response: what the server refused with, where it did.
  private func fail(_ fault: ModelFault, _ response: HTTPClientResponse? = nil, in attempt: Int) {
    let (next, ticket) = state.withLock { state -> (Next, HTTPClientTicket?) in
      guard !state.isOver, state.attempt == attempt else { return (.nothing, nil) }
      state.attempt += 1  // what is still on its way belongs to nobody
      defer { state.ticket = nil }
      let next = self.next(after: fault, &state)
      if next == .over {
        state.isOver = true
        state.outbox.append(
          .over(End(fault: fault, response: response, reader: state.reader, model: state.reader.model ?? service.model))
        )
      }
      return (next, state.ticket)
    }
    ticket?.cancel()
    switch next {
    case .nothing: break
    case .again(.zero): begin()
    case .again(let pause):
      if !timer.set(id, at: .after(pause), { [self] in begin() }) { begin() }
    case .over:
      timer.clear(id)
      tell()
    }
  }

  private func next(after fault: ModelFault, _ state: inout State) -> Next {
    guard !state.hasContent, !wholeDeadline.isOver else { return .over }
    if fault.kind == .limited, !state.hasRetried, let milliseconds = fault.retryAfterMilliseconds,
      Duration.milliseconds(milliseconds) <= service.times.retryAfterMax
    {
      state.hasRetried = true
      return .again(after: .milliseconds(max(milliseconds, 1)))
    }
    if fault.mayPassElsewhere, service.fallback != nil, !state.isFallback {
      state.isFallback = true
      return .again(after: .zero)
    }
    if fault.kind == .empty, !state.hasRetried {
      state.hasRetried = true
      return .again(after: .zero)
    }
    return .over
  }

  func cancel() {
    let ticket = state.withLock { state -> HTTPClientTicket? in
      guard !state.isOver else { return nil }
      state.isOver = true
      let fault = ModelFault(.cancelled, "nobody waits for the answer any more")
      state.outbox.append(.over(End(fault: fault, reader: state.reader, model: service.model)))
      return state.ticket
    }
    timer.clear(id)
    ticket?.cancel()
    tell()
  }

  // MARK: - Time

  /// How long a whole answer's server is given to say what it cost and that this was all: some never do, and keep the connection up.
  private static var afterwords: Duration { .milliseconds(500) }

  /// How long the server may say nothing now.
  private func pieceMax(_ reader: Reader) -> Duration {
    reader.isWhole ? min(Self.afterwords, service.times.pieceMax) : service.times.pieceMax
  }

  /// Looks again when the try may have taken too long.
  /// - Returns: false when nobody would; the question is over then.
  private func wait(for attempt: Int) -> Bool {
    let isSet = state.withLock { state in
      guard !state.isOver, state.attempt == attempt else { return true }  // there is nothing to look at
      let spent = Duration.microseconds(Int64(MonotonicClock.now() - state.heardAt))
      let deadline =
        question.isStreamed ? min(.after(pieceMax(state.reader) - spent), wholeDeadline) : wholeDeadline
      return timer.set(id, at: deadline) { [self] in look(at: attempt) }
    }
    if !isSet { fail(Self.stopped, in: attempt) }
    return isSet
  }

  private static var stopped: ModelFault { ModelFault(.cancelled, "this program stops, or has no thread left") }

  private func look(at attempt: Int) {
    let (isCurrent, isStill, isWhole, hasContent) = state.withLock { state in
      let silence = Duration.microseconds(Int64(MonotonicClock.now() - state.heardAt))
      return (
        !state.isOver && state.attempt == attempt, question.isStreamed && silence >= pieceMax(state.reader),
        state.reader.isWhole, state.hasContent
      )
    }
    guard isCurrent else { return }
    let limits = service.times
    if isStill, isWhole {
      endWhole(in: attempt)
    } else if isStill {
      let time = "\(limits.pieceMax.milliseconds) ms"
      fail(
        hasContent
          ? ModelFault(.stalled, "its answer stood still for \(time)")
          : ModelFault(.late, "no word of an answer within \(time)"), in: attempt)
    } else if wholeDeadline.isOver {
      fail(fault(of: .timedOut, hasContent: hasContent), in: attempt)
    } else {
      _ = wait(for: attempt)
    }
  }

  /// The answer is whole, and its server says nothing more.
  private func endWhole(in attempt: Int) {
    let (fault, ticket) = state.withLock { state -> (ModelFault?, HTTPClientTicket?) in
      guard !state.isOver, state.attempt == attempt else { return (nil, nil) }
      let model = state.isFallback ? service.fallback ?? service.model : service.model
      return (finish(model, &state), state.ticket)
    }
    if let fault { return fail(fault, in: attempt) }
    ticket?.cancel()
    tell()
  }

  /// Tells what waits, unless somebody is at it.
  private func tell() {
    let isOurs = state.withLock { state in
      defer { state.isTelling = true }
      return !state.isTelling
    }
    guard isOurs else { return }
    while let event = nextEvent() { deliver(event) }
  }

  private func nextEvent() -> Event? {
    state.withLock { state in
      if state.outbox.isEmpty {
        state.isTelling = false
        return nil
      }
      return state.outbox.removeFirst()
    }
  }

  // MARK: - Words for faults

  private func fault(of error: HTTPClientError, hasContent: Bool) -> ModelFault {
    let whole = "\(service.times.wholeMax.milliseconds) ms"
    return switch error {
    case .timedOut, .noAnswer:
      hasContent
        ? ModelFault(.stalled, "its answer was not whole after \(whole)")
        : ModelFault(.late, "no answer within \(whole)")
    case .notConnected(let limit): ModelFault(.unreachable, "no connection within \(limit.milliseconds) ms")
    case .unreachable(let text), .lost(let text): ModelFault(.unreachable, "it cannot be reached (\(text))")
    case .tls(let text): ModelFault(.unreachable, "its TLS cannot be trusted (\(text))")
    case .closedEarly: ModelFault(.unreachable, "it hung up in the middle of its answer")
    case .tooLarge(let limit): ModelFault(.tooLarge, "its answer has more than \(limit) bytes")
    case .invalidURL, .forbidden: ModelFault(.unreachable, "its address cannot be used")
    case .busy(let limit): ModelFault(.limited, "\(limit) questions to it are under way")
    case .cancelled: ModelFault(.cancelled, "nobody waits for the answer any more")
    case .stopped: ModelFault(.cancelled, "this program stops")
    }
  }

  private func fault(of response: HTTPClientResponse, _ model: String) -> ModelFault {
    let message = ChatStreamReader.message(inError: response.body, hiding: service.address.key)
    let said = message.isEmpty ? "" : ": \(message)"
    let status = response.status
    switch status {
    case 401, 403: return ModelFault(.refusedKey, "it refuses the key (\(status)\(said)); correct OPENAI_API_KEY")
    case 404:
      return ModelFault(
        .missing, "it has no model \(model), or nothing there (404\(said)); correct OPENAI_MODEL or OPENAI_BASE_URL")
    case 402, 429:
      let seconds = response.headers["retry-after"].flatMap { Double($0) }
      let wait = seconds.flatMap { (0...86_400).contains($0) ? Int(nearest: ($0 * 1000).rounded(.up)) : nil }
      return ModelFault(
        .limited, "it takes no more requests just now (\(status)\(said))", retryAfterMilliseconds: wait)
    case 408: return ModelFault(.failed, "it gave up (408\(said))")
    case 400..<500: return ModelFault(.refusedRequest, "it refuses the request (\(status)\(said))")
    case 500...: return ModelFault(.failed, "it failed (\(status)\(said))")
    default: return ModelFault(.malformed, "it answered with the status \(status)")
    }
  }
}
