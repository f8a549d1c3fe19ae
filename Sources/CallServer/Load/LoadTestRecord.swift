import Formats

/// A load test with everything that its generator told.
struct LoadTestRecord: Sendable {
  /// Without its seconds.
  var document: LoadRunDocument
  /// Since the start, at most `LoadLimits.secondsMax`.
  private(set) var seconds: [LoadSecond] = []
  /// The report; `nil` before the end, or without one.
  private(set) var page: [UInt8]?

  init(_ document: LoadRunDocument) { self.document = document }

  mutating func take(_ line: LoadEvent, _ limits: LoadLimits) {
    guard !document.state.isOver else { return }
    switch line {
    case .second(let second):
      if document.state == .preparing { document.state = .running }
      guard seconds.count < limits.secondsMax else { return }
      seconds.append(second)
      document.secondsCount = seconds.count
    case .result(let result):
      document.result = result
    case .page(let text):
      guard text.utf8.count <= limits.reportBytesMax else { return }
      page = Array(text.utf8)
      document.hasReport = true
    }
  }

  /// - Parameter problem: why the generator did not end well.
  mutating func end(problem: String?, at now: Int64) {
    guard !document.state.isOver else { return }
    document.endedAtUnixMicroseconds = max(now, document.startedAtUnixMicroseconds)
    if document.state == .stopping {
      document.state = .stopped
    } else if document.result != nil {
      document.state = .done
    } else {
      document.state = .failed
      document.problem = problem ?? "the generator ended without a result"
    }
  }

  /// The run with its seconds from `since` on, as many as stand in one answer.
  func document(since: Int, _ limits: LoadLimits) -> LoadRunDocument {
    var document = document
    let start = min(since, seconds.count)
    document.seconds = seconds[start..<min(start + limits.secondsPerAnswer, seconds.count)]
    return document
  }
}
