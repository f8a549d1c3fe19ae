import Formats
import JSON

/// A load test that a server ran against itself, with everything that its generator told.
struct LoadTestRecord: Sendable {
  /// How far it is. The raw values stand in REST.
  enum State: String, Sendable, CaseIterable {
    /// The generator starts and makes what the callers say, or generators on other machines are waited for.
    case preparing
    /// Calls are placed.
    case running
    /// It was told to stop and tells what it found.
    case stopping
    /// It came to a result.
    case done
    /// It was stopped; there is a result of what was measured until then, unless it had not begun.
    case stopped
    /// There is no result: `problem` says why.
    case failed

    /// Whether nothing changes any more.
    var isOver: Bool { self == .done || self == .stopped || self == .failed }
  }

  let id: String
  let request: LoadRequest
  /// What it is held to: the thresholds of the request, or those that are usual.
  let thresholds: [LoadThreshold]
  var state = State.preparing
  let startedAtUnixMicroseconds: Int64
  /// `nil` while it goes on.
  private var endedAtUnixMicroseconds: Int64?
  /// Why there is no result; `nil` otherwise.
  private var problem: String?
  /// The object of `voiceforge load --json` without its seconds; `nil` until it is there.
  private var result: JSONValue?
  /// Since the start, at most `LoadLimits.secondsMax`.
  private var seconds: [LoadSecond] = []
  /// The report; `nil` before the end, or without one.
  private(set) var page: [UInt8]?
  /// What was told last of generators on other machines; `nil`: there are none.
  private var gathering: LoadGathering?

  init(id: String, request: LoadRequest, thresholds: [LoadThreshold], startedAtUnixMicroseconds: Int64) {
    self.id = id
    self.request = request
    self.thresholds = thresholds
    self.startedAtUnixMicroseconds = startedAtUnixMicroseconds
  }

  mutating func apply(_ line: LoadEvent, _ limits: LoadLimits) {
    guard !state.isOver else { return }
    switch line {
    case .generators(let gathering): self.gathering = gathering
    case .second(let second):
      if state == .preparing { state = .running }
      if seconds.count < limits.secondsMax { seconds.append(second) }
    case .result(let result): self.result = result
    case .page(let text): if text.utf8.count <= limits.reportBytesMax { page = Array(text.utf8) }
    }
  }

  /// - Parameter problem: why the generator did not end well.
  mutating func end(problem: String?, at now: Int64) {
    guard !state.isOver else { return }
    endedAtUnixMicroseconds = max(now, startedAtUnixMicroseconds)
    if state == .stopping {
      state = .stopped
    } else if result != nil {
      state = .done
    } else {
      state = .failed
      self.problem = problem ?? "the generator ended without a result"
    }
  }

  /// As REST answers it, without its seconds.
  var document: JSONObject { JSONObject(writeMembers) }

  /// The same with the seconds from `since` on, as many as stand in one answer.
  func document(since: Int, _ limits: LoadLimits) -> JSONObject {
    let start = min(since, seconds.count)
    let some = seconds[start..<min(start + limits.secondsPerAnswer, seconds.count)]
    return JSONObject { writer in
      writeMembers(to: &writer)
      writer.field("next", some.endIndex)
      writer.list("seconds", Array(some))
    }
  }

  private func writeMembers(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("state", state.rawValue)
    writer.field("request", document: request)
    writer.list("thresholds", thresholds)
    writer.field("startedAt", instant: startedAtUnixMicroseconds)
    writer.field("endedAt", instant: endedAtUnixMicroseconds)
    writer.field("problem", problem)
    writer.field("hasReport", page != nil)
    writer.field("secondsCount", seconds.count)
    writer.field("gathering", document: gathering)
    writer.field("result", result ?? .null)
  }
}
