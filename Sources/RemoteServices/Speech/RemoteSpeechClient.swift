import CallCore
import CallDriver
import JSON
import Glibc
import WebSockets
import Threads

/// Asks the service, waits for its answers and keeps books on them. Any thread; `ask` blocks it.
final class RemoteSpeechClient: Sendable {
  struct Question {
    var kind: RemoteFigures.Kind
    var request: HTTPClientRequest
    var cancellation = CancellationToken()
  }

  /// Requests under way, above `RemoteService.requestsMax` because pages and programs ask, too.
  private static let requestsMax = 64
  /// Longest time that a name server may keep the client's thread beyond the limits of a request.
  private static let lookUpMax = Duration.seconds(1)
  /// Most characters of a service's own words in an error.
  private static let messageCharactersMax = 200

  let service: RemoteService
  let health: RemoteHealth
  private let client = HTTPClient(requestCountMax: requestsMax)
  private let books = Locked(RemoteFigures())

  init(_ service: RemoteService, tell: @escaping @Sendable (RemoteHealth.State) -> Void) {
    self.service = service
    health = RemoteHealth(tell: tell)
  }

  var figures: RemoteFigures {
    var figures = books.withLock { $0 }
    figures.isReachable = health.state == .well
    return figures
  }

  func stop() { client.stop() }

  /// A request to `path` below the service's address.
  func request(
    _ method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
    answerMax: Duration?, max: Duration, bytesMax: Int
  ) -> HTTPClientRequest {
    var request = HTTPClientRequest(
      method: method, url: url, headers: headers, body: body, timeout: max, responseBytesMax: bytesMax)
    if let key = service.address.key { request.headers.append(("authorization", "Bearer \(key)")) }
    request.connectTimeout = service.times.connectMax
    request.answerTimeout = answerMax
    return request
  }

  /// Asks, a second time where that may help and there is time for it.
  /// - Parameter read: makes a value of a good answer, or says why it cannot.
  func ask<Value>(
    _ question: Question, read: (HTTPClientResponse) throws(RemoteFault) -> Value
  ) throws(EngineError) -> Value {
    let start = MonotonicClock.now()
    let deadline = start + UInt64(question.request.timeout.milliseconds) * 1000
    var isSecond = false
    while true {
      let fault: RemoteFault
      do throws(RemoteFault) {
        let value = try read(try send(question, before: deadline))
        count(question.kind, since: start, fault: nil, isSecond: isSecond)
        return value
      } catch {
        fault = error
      }
      let pause = UInt64(service.times.retryPause.milliseconds) * 1000
      guard fault.mayPass, !isSecond, !question.cancellation.isCancelled, MonotonicClock.now() + 2 * pause < deadline
      else {
        count(question.kind, since: start, fault: fault, isSecond: isSecond)
        throw fault.error(of: service)
      }
      isSecond = true
      usleep(UInt32(pause))
    }
  }

  /// Looks whether the service answers, without counting it.
  /// - Returns: any answer that the service's own programs gave.
  func probe(_ request: HTTPClientRequest) throws(RemoteFault) -> HTTPClientResponse {
    try perform(request, cancellation: CancellationToken())
  }

  private func send(_ question: Question, before deadline: UInt64) throws(RemoteFault) -> HTTPClientResponse {
    guard !question.cancellation.isCancelled else { throw .cancelled }
    var request = question.request
    let now = MonotonicClock.now()
    request.timeout = .microseconds(Int64(deadline > now ? deadline - now : 1))
    let response = try perform(request, cancellation: question.cancellation)
    guard (200..<300).contains(response.status) else {
      throw RemoteFault(status: response.status, message: Self.message(in: response))
    }
    return response
  }

  private func perform(_ request: HTTPClientRequest, cancellation: CancellationToken) throws(RemoteFault)
    -> HTTPClientResponse
  {
    let answer = Promise<Result<HTTPClientResponse, HTTPClientError>>()
    let ticket = client.send(request) { answer.fulfill($0) }
    let outcome = cancellation.run(onCancel: { ticket.cancel() }) {
      answer.wait(within: request.timeout + Self.lookUpMax) ?? .failure(.timedOut)
    }
    switch outcome {
    case .success(let response): return response
    case .failure(let error):
      ticket.cancel()
      throw RemoteFault(error)
    }
  }

  private func count(_ kind: RemoteFigures.Kind, since start: UInt64, fault: RemoteFault?, isSecond: Bool) {
    let took = MonotonicClock.now() - start
    books.withLock { $0.count(kind, microseconds: took, failure: fault?.kind, wasRetried: isSecond) }
    if fault == nil { return health.update(to: .well) }
    if let fault, fault.isOfService { health.update(to: .away(service.address.withoutKey(fault.why))) }
  }

  /// What a service says in its error: OpenAI's shape, a problem of RFC 9457, or nothing that is known.
  static func message(in response: HTTPClientResponse) -> String {
    let document: JSONValue
    do throws(JSONFault) { document = try JSONValue(parsing: response.body) } catch { return "" }
    let text = document.text(at: "error.message") ?? document.text(at: "detail") ?? ""
    return String(text.bounded(to: messageCharactersMax).map { $0.isNewline ? " " : $0 })
  }
}
