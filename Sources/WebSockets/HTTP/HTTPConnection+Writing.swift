import CLibwebsockets
import Threads

extension HTTPConnection {
  /// The handler's answer to `requestID`; late answers find another request or none and are dropped.
  func respond(_ response: HTTPResponse, to requestID: UInt64) {
    guard case .answering(requestID, let head) = stage else { return }
    startResponse(response, head)
    advance()
  }

  /// Has the answer written by whoever goes on.
  func startResponse(_ response: HTTPResponse, _ head: RequestHead) {
    onGone = nil
    releaseBytes()
    var response = response
    if ResponseWriter.isLong(response), head.request.method != "HEAD" {
      switch loop.configuration.responseBudget.reserve(response.body, by: stream.place.bytes) {
      case nil: heldResponse = response.body
      case let refusal?:
        response = refusal.response("long answers")
        response.headers += loop.configuration.httpHandler?.headers(for: head.request) ?? []
      }
    }
    stage = .writing(
      ResponseWriter(
        response, method: head.request.method, closes: !head.keepsAlive || response.closes || loop.isStopping))
    startRateCheck()
  }

  func write() -> Bool {
    guard case .writing(var writer) = stage else { return false }
    let before = writer.sentBytes
    let progress = writer.write(to: stream)
    stage = .writing(writer)
    return handleProgress(progress, bytes: writer.sentBytes - before, closes: writer.closes)
  }

  private func handleProgress(_ progress: ResponseWriter.Progress, bytes: Int, closes: Bool) -> Bool {
    countWritten(bytes)
    switch progress {
    case .broken:
      close()
      return false
    case .more: return false
    case .done: return finishResponse(closes: closes)
    }
  }

  private func countWritten(_ bytes: Int) {
    if bytes > 0 { deadline = later(loop.configuration.requestTimeMax) }
    pace?.bytes += bytes
  }

  private func finishResponse(closes: Bool) -> Bool {
    pace = nil
    releaseBytes()
    guard closes || loop.isStopping else {
      stage = .readingHead
      deadline = later(input.isEmpty ? loop.configuration.keepAliveTime : loop.configuration.requestTimeMax)
      return true
    }
    stream.finishWriting()
    stage = .discarding
    deadline = later(loop.configuration.closeTimeMax)
    return true
  }

  private func startRateCheck() {
    deadline = later(loop.configuration.requestTimeMax)
    pace = (MonotonicClock.now(), 0)
  }

  /// The handler's answer to `requestID` begins.
  func stream(_ response: HTTPResponse, from source: any HTTPBodySource, in requestID: UInt64) {
    guard case .answering(requestID, let head) = stage else { return source.clientGone() }
    onGone = nil
    releaseBytes()
    stage = .streaming(
      StreamWriter(
        response, requestID: requestID, source: source, isChunked: head.takesChunks,
        closes: !head.keepsAlive || response.closes || loop.isStopping))
    startRateCheck()
    advance()
  }

  /// The next piece; `nil` when its source cannot make it, and the client must not take what it has for the whole.
  func resumeStream(with piece: [UInt8]?, isLast: Bool, in requestID: UInt64) {
    guard case .streaming(var writer) = stage, writer.requestID == requestID, writer.isWaiting else { return }
    guard let piece else { return close() }
    writer.resume(with: piece, isLast: isLast)
    stage = .streaming(writer)
    startRateCheck()
    advance()
  }

  func writeStream() -> Bool {
    guard case .streaming(var writer) = stage, !writer.isWaiting else { return false }
    let before = writer.sentBytes
    let progress = writer.write(to: stream)
    if case .hungry = progress { writer.waits() }
    stage = .streaming(writer)
    countWritten(writer.sentBytes - before)
    switch progress {
    case .broken: close()
    case .more: break
    case .hungry:
      deadline = .max  // how long a piece takes is its source's affair
      pace = nil
      writer.source.pieceWanted(HTTPPiece(to: address(of: writer.requestID)))
    case .done: return finishResponse(closes: writer.closes)
    }
    return false
  }

  /// Looks from now on whether the client of `requestID` is still there.
  func watch(_ requestID: UInt64, _ onGone: @escaping @Sendable () -> Void) {
    guard case .answering(requestID, _) = stage else { return }
    self.onGone = onGone
    advance()
  }
}
