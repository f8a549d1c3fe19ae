public import JSON

/// A load test that a server ran against itself, as REST answers it; `Rest.md` lists the members.
public struct LoadRunDocument: Sendable, Equatable, JSONDocument {
  /// How far it is.
  public enum State: String, Sendable, CaseIterable {
    /// The generator starts and makes what the callers say.
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
    public var isOver: Bool { self == .done || self == .stopped || self == .failed }
  }

  /// Of the run.
  public var id: String
  /// What was asked for.
  public var request: LoadRequest
  /// What it is held to: the thresholds of the request, or those that are usual.
  public var thresholds: [LoadThreshold]
  /// See `State`.
  public var state = State.preparing
  /// Microseconds since 1970 UTC.
  public var startedAtUnixMicroseconds: Int64
  /// Likewise; `nil` while it goes on.
  public var endedAtUnixMicroseconds: Int64?
  /// Why there is no result; `nil` otherwise.
  public var problem: String?
  /// The object of `voiceforge load --json` without its seconds; `nil` until it is there.
  public var result: JSONValue?
  /// Whether there is a page to read.
  public var hasReport = false
  /// Seconds that are known.
  public var secondsCount = 0
  /// Those that are written, their indices counted from the first of the run; `nil`: none, as in lists.
  public var seconds: ArraySlice<LoadSecond>?

  /// A run that begins.
  public init(
    id: String, request: LoadRequest, thresholds: [LoadThreshold] = [], startedAtUnixMicroseconds: Int64
  ) {
    self.id = id
    self.request = request
    self.thresholds = thresholds
    self.startedAtUnixMicroseconds = startedAtUnixMicroseconds
  }

  /// Writes the members of `Rest.md`; in lists, those without `seconds`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("state", state.rawValue)
    writer.object("request", request.writeMembers)
    writer.list("thresholds", thresholds) { writer, threshold in writer.object(threshold.writeMembers) }
    writer.field("startedAt", UTCTime.text(unixMicroseconds: startedAtUnixMicroseconds))
    writer.field("endedAt", endedAtUnixMicroseconds.map { UTCTime.text(unixMicroseconds: $0) })
    writer.field("problem", problem)
    writer.field("hasReport", hasReport)
    writer.field("secondsCount", secondsCount)
    writer.field("result", result ?? .null)
    guard let seconds else { return }
    writer.field("next", seconds.endIndex)
    writer.list("seconds", seconds) { writer, second in writer.object(second.writeMembers) }
  }
}

/// A threshold in parts, so that nobody has to read its text.
public struct LoadThreshold: Sendable, Equatable, JSONDocument {
  /// As it was written, such as `turn_latency.p95<1200ms`.
  public var text: String
  /// What is compared, such as `turn_latency`.
  public var figure: String
  /// Of the figure, such as `p95`; `nil` where there is only one.
  public var statistic: String?
  /// One of `<`, `<=`, `==`, `>=` and `>`.
  public var comparison: String
  /// In thousandths of `unit`.
  public var limitThousandths: Int
  /// `ms`, `MB` or `%`; `nil` for a count or another number alone.
  public var unit: String?

  package init(
    text: String, figure: String, statistic: String?, comparison: String, limitThousandths: Int, unit: String?
  ) {
    self.text = text
    self.figure = figure
    self.statistic = statistic
    self.comparison = comparison
    self.limitThousandths = limitThousandths
    self.unit = unit
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("text", text)
    writer.field("figure", figure)
    writer.field("statistic", statistic)
    writer.field("comparison", comparison)
    writer.field("limit", thousandths: limitThousandths)
    writer.field("unit", unit)
  }
}

/// What `GET /api/load` answers; `Rest.md` lists the members.
public struct LoadList: Sendable, JSONDocument {
  /// Whether the server runs loads.
  public var isAllowed: Bool
  /// Name of the setting that allows it.
  public var setting: String
  /// Id of the run that goes on.
  public var running: String?
  /// Longest time that a load is held, in seconds.
  public var holdMaxSeconds: Int
  /// What a run is held to that names no thresholds.
  public var usualThresholds: [LoadThreshold]
  /// The newest first.
  public var runs: [LoadRunDocument]

  package init(
    isAllowed: Bool, setting: String, running: String?, holdMaxSeconds: Int, usualThresholds: [LoadThreshold],
    runs: [LoadRunDocument]
  ) {
    self.isAllowed = isAllowed
    self.setting = setting
    self.running = running
    self.holdMaxSeconds = holdMaxSeconds
    self.usualThresholds = usualThresholds
    self.runs = runs
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("allowed", isAllowed)
    writer.field("setting", setting)
    writer.field("running", running)
    writer.object("limits") { writer in
      writer.field("callsMax", LoadRequest.callsMax)
      writer.field("holdMaxSeconds", holdMaxSeconds)
    }
    writer.list("usualThresholds", usualThresholds) { $0.value($1.text) }
    writer.list("usualThresholdParts", usualThresholds) { writer, threshold in writer.object(threshold.writeMembers) }
    writer.list("runs", runs) { writer, run in writer.object(run.writeMembers) }
  }
}
