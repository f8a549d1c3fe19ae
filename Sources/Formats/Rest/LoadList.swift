public import JSON

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
  public var usualThresholds: [String]
  /// The newest first.
  public var runs: [LoadRunDocument]

  /// See the properties.
  public init(
    isAllowed: Bool, setting: String, running: String?, holdMaxSeconds: Int, usualThresholds: [String],
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
    writer.list("usualThresholds", usualThresholds) { $0.value($1) }
    writer.list("runs", runs) { writer, run in writer.object(run.writeMembers) }
  }
}
