public import CallCore
public import CallDriver
import Formats
import Threads
import WebSockets

/// A language model of a server in OpenAI's shape. Nothing is contacted before the first question; each has a connection of its own, which is
/// closed when the answer is given up.
public final class RemoteModel: LanguageModel {
  /// Most questions under way; further ones fail as `limited`.
  public static let questionsMax = 256

  private let service: ModelService
  private let client = HTTPClient(requestCountMax: questionsMax)
  private let timer = ModelTimer()
  private let lastID = Locked<UInt64>(0)

  /// - Parameter service: where it is and how long it is waited for.
  public init(_ service: ModelService) { self.service = service }

  /// See `LanguageModel`.
  public func ask(_ request: ModelRequest, _ deliver: @escaping @Sendable (ModelEvent) -> Void) -> any ModelTicket {
    let id = lastID.withLock { id in
      id += 1
      return id
    }
    let question = ModelQuestion(id: id, request, service, client: client, timer: timer, deliver)
    question.begin()
    return question
  }

  deinit { stop() }

  /// Ends all questions under way as `cancelled`; further ones fail. Not to be called by what is told of an answer.
  public func stop() {
    let waiting = timer.stop()
    client.stop()
    // A question that waited for its next try has nobody else who ends it.
    for run in waiting { run() }
  }
}

/// One question and its tries: the model, once more where that may help, and the fallback. Once words or calls have come there is no other try:
/// somebody may have heard them.
private final class ModelQuestion: ModelTicket {
  private static let answerBytesMax = 16 << 20

  private let id: UInt64
  private let request: ModelRequest
  private let service: ModelService
  private let client: HTTPClient
  private let timer: ModelTimer
  private let deliver: @Sendable (ModelEvent) -> Void
  private let wholeDeadline: Deadline
  private let state = Locked(State())

  private struct State {
    /// What is told next; whoever tells goes on until it is empty, so that everything is told in order and one after the other.
    var outbox: [ModelEvent] = []
    var isTelling = false
    var isOver = false
    /// Counts the tries; what an older one brings is dropped.
    var attempt = 0
    var ticket: HTTPClientTicket?
    var reader = ChatStreamReader()
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
    id: UInt64, _ request: ModelRequest, _ service: ModelService, client: HTTPClient, timer: ModelTimer,
    _ deliver: @escaping @Sendable (ModelEvent) -> Void
  ) {
    (self.id, self.request, self.service, self.client) = (id, request, service, client)
    (self.timer, self.deliver) = (timer, deliver)
    wholeDeadline = .after(service.times.wholeMax)
  }

  // MARK: - A try

  func begin() {
    let (attempt, model) = state.withLock { state -> (Int?, String) in
      let model = state.isFallback ? service.fallback ?? service.model : service.model
      guard !state.isOver else { return (nil, model) }
      state.attempt += 1
      state.reader = ChatStreamReader(hiding: service.address.key)
      state.heardAt = MonotonicClock.now()
      return (state.attempt, model)
    }
    guard let attempt else { return }
    let body: [UInt8]
    do throws(ModelFault) { body = try ChatRequestDocument.body(of: request, model: model) } catch {
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
    var headers = [("content-type", "application/json"), ("accept", "text/event-stream")]
    if let key = service.address.key { headers.append(("authorization", "Bearer \(key)")) }
    var request = HTTPClientRequest(
      method: "POST", url: service.address.base + "/chat/completions", headers: headers, body: body,
      timeout: service.times.wholeMax, responseBytesMax: Self.answerBytesMax,
      onPiece: { [self] piece in receive(piece, model, in: attempt) })
    request.connectTimeout = service.times.connectMax
    request.permits = { _, _, _ in true }  // so that a slow name server holds up nobody else
    return request
  }

  private func receive(_ piece: UnsafeRawBufferPointer, _ model: String, in attempt: Int) {
    let (fault, isDone, ticket) = state.withLock { state -> (ModelFault?, Bool, HTTPClientTicket?) in
      guard !state.isOver, state.attempt == attempt else { return (nil, false, nil) }
      var deltas: [ModelDelta] = []
      var fault: ModelFault?
      do throws(ModelFault) { try state.reader.read(piece) { deltas.append($0) } } catch { fault = error }
      Self.take(deltas, into: &state)
      // Some servers keep the connection up behind the last event.
      let isDone = fault == nil && state.reader.isDone
      if isDone { fault = finish(model, &state) }
      return (fault, isDone, state.ticket)
    }
    if let fault { return fail(fault, in: attempt) }
    if isDone {
      timer.clear(id)
      ticket?.cancel()
    }
    tell()
  }

  private static func take(_ deltas: [ModelDelta], into state: inout State) {
    guard !deltas.isEmpty else { return }
    state.heardAt = MonotonicClock.now()
    if deltas.contains(where: \.isContent) { state.hasContent = true }
    state.outbox += deltas.map(ModelEvent.delta)
  }

  /// The body is over.
  /// - Returns: why that is no whole answer.
  private func finish(_ model: String, _ state: inout State) -> ModelFault? {
    var deltas: [ModelDelta] = []
    do throws(ModelFault) { try state.reader.end { deltas.append($0) } } catch { return error }
    Self.take(deltas, into: &state)
    state.isOver = true
    state.outbox.append(.finished(model: state.reader.model ?? model))
    return nil
  }

  private func end(_ outcome: Result<HTTPClientResponse, HTTPClientError>, _ model: String, in attempt: Int) {
    let fault = state.withLock { state -> ModelFault? in
      guard !state.isOver, state.attempt == attempt else { return nil }
      switch outcome {
      // Servers forget the last chunk of a body.
      case .failure(.closedEarly) where state.reader.isWhole: return finish(model, &state)
      case .failure(let error): return self.fault(of: error, hasContent: state.hasContent)
      case .success(let response) where !(200..<300).contains(response.status):
        return self.fault(of: response, model)
      case .success: return finish(model, &state)
      }
    }
    if let fault { return fail(fault, in: attempt) }
    timer.clear(id)
    tell()
  }

  // MARK: - When it fails

  private func fail(_ fault: ModelFault, in attempt: Int) {
    let (next, ticket) = state.withLock { state -> (Next, HTTPClientTicket?) in
      guard !state.isOver, state.attempt == attempt else { return (.nothing, nil) }
      state.attempt += 1  // what is still on its way belongs to nobody
      defer { state.ticket = nil }
      let next = self.next(after: fault, &state)
      if next == .over {
        var told = fault
        told.description = service.address.withoutKey("the language model at \(service.address.base): \(fault)")
        state.isOver = true
        state.outbox.append(.failed(told))
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
      state.outbox.append(.failed(ModelFault(.cancelled, "nobody waits for the answer any more")))
      return state.ticket
    }
    timer.clear(id)
    ticket?.cancel()
    tell()
  }

  // MARK: - Time

  /// Looks again when the try may have taken too long.
  /// - Returns: false when nobody would; the question is over then.
  private func wait(for attempt: Int) -> Bool {
    let isSet = state.withLock { state in
      guard !state.isOver, state.attempt == attempt else { return true }  // there is nothing to look at
      let spent = Duration.microseconds(Int64(MonotonicClock.now() - state.heardAt))
      let deadline = min(.after(service.times.pieceMax - spent), wholeDeadline)
      return timer.set(id, at: deadline) { [self] in look(at: attempt) }
    }
    if !isSet { fail(Self.stopped, in: attempt) }
    return isSet
  }

  private static let stopped = ModelFault(.cancelled, "this program stops, or has no thread left")

  private func look(at attempt: Int) {
    let (isCurrent, heardAt, hasContent) = state.withLock {
      (!$0.isOver && $0.attempt == attempt, $0.heardAt, $0.hasContent)
    }
    guard isCurrent else { return }
    let limits = service.times
    let isStill = Duration.microseconds(Int64(MonotonicClock.now() - heardAt)) >= limits.pieceMax
    if isStill {
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

  /// Tells what waits, unless somebody is at it.
  private func tell() {
    let isOurs = state.withLock { state in
      defer { state.isTelling = true }
      return !state.isTelling
    }
    guard isOurs else { return }
    while let event = nextEvent() { deliver(event) }
  }

  private func nextEvent() -> ModelEvent? {
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
