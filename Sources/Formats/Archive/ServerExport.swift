public import CallCore
public import JSON

/// What `GET /api/export` answers.
public struct ExportSummary: Sendable, Equatable {
  /// Of the answers behind it. Raised when an older program could not read them.
  public static let format = 1

  /// See `format`.
  public var format: Int
  /// The server's version.
  public var version: String
  /// Calls that are kept.
  public var calls: Int
  /// Runs of test cases that are kept.
  public var runs: Int

  /// - Parameter json: as a server answered it.
  public init(parsing json: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(archived: json, place: "export")
    format = try fields.number("format", 1...WireLimits.wholeNumberMax)
    version = try fields.text("version")
    calls = try fields.optionalNumber("calls", 0...WireLimits.wholeNumberMax) ?? 0
    runs = try fields.optionalNumber("runs", 0...WireLimits.wholeNumberMax) ?? 0
  }
}

/// What `GET /api/export/calls` and `GET /api/export/runs` answer.
public struct ExportedIDs: Sendable, Equatable {
  /// Of calls, the newest first; of runs, the oldest first.
  public var ids: [String]
  /// Where the next page begins; `nil` behind the last one.
  public var nextCursor: String?

  /// - Parameter json: as a server answered it.
  public init(parsing json: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(archived: json, place: "export")
    ids = try fields.textList("ids")
    nextCursor = try fields.optionalText("nextCursor")
  }
}

extension JSONObject {
  /// See `ExportSummary`.
  package static func exportSummary(version: String, calls: Int, runs: Int) -> JSONObject {
    JSONObject { writer in
      writer.field("format", ExportSummary.format)
      writer.field("version", version)
      writer.field("calls", calls)
      writer.field("runs", runs)
    }
  }

  /// See `ExportedIDs`.
  package static func exportedIDs(_ ids: [String], nextCursor: String? = nil) -> JSONObject {
    JSONObject { writer in
      writer.list("ids", ids)
      writer.field("nextCursor", nextCursor)
    }
  }
}

/// A version of a flow as servers hand it on: JSON without loss.
public enum FlowVersionArchive {
  /// The whole of it.
  public static func json(of version: FlowVersion) -> [UInt8] { ArchiveMembers.json(of: version) }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func version(from json: [UInt8]) throws(WireFault) -> FlowVersion {
    try ArchiveMembers.value(of: json, place: "flow")
  }
}

extension FlowVersion: Archived {
  static var blank: FlowVersion { FlowVersion(name: "", version: 0, text: "", savedAtUnixMicroseconds: 0) }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.text("name", &name)
    try members.member(&version) { writer, version in
      writer.field("version", version)
    } read: { fields throws(WireFault) in
      guard let version = try fields.storedNumber("version", from: 1) else {
        throw fields.missing("version", "a whole number from 1")
      }
      return version
    }
    try members.number("savedAtUs", &savedAtUnixMicroseconds)
    try members.text("text", &text)
  }
}

/// What a server counted, as servers hand it on: JSON without loss.
public enum UsageArchive {
  /// The whole of it.
  public static func json(of share: UsageShare) -> [UInt8] { ArchiveMembers.json(of: share) }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func share(from json: [UInt8]) throws(WireFault) -> UsageShare {
    try ArchiveMembers.value(of: json, place: "usage")
  }
}

extension UsageShare: Archived {
  static var blank: UsageShare { UsageShare(node: "", entry: UsageEntry(day: 0, key: nil, counts: UsageCounts())) }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    var key = entry.key ?? ""
    try members.text("node", &node)
    try members.member(&entry.day) { writer, day in
      writer.field("day", UTCTime.dayText(day))
    } read: { fields throws(WireFault) in
      let text = try fields.text("day")
      guard let day = UTCTime.day(text) else { throw fields.outOfRange("day", "a day", .string(text)) }
      return day
    }
    try members.text("key", &key)
    try members.number("calls", &entry.counts.calls, from: 0)
    try members.number("refusedCalls", &entry.counts.refusedCalls, from: 0)
    try members.span("callUs", &entry.counts.callTime, from: 0)
    try members.number("turns", &entry.counts.turns, from: 0)
    try members.span("recognizedUs", &entry.counts.recognizedTime, from: 0)
    try members.number("synthesizedCharacters", &entry.counts.synthesizedCharacters, from: 0)
    try members.span("synthesizedUs", &entry.counts.synthesizedTime, from: 0)
    try members.number("cacheHits", &entry.counts.cacheHits, from: 0)
    entry.key = key.isEmpty ? nil : key
  }
}
