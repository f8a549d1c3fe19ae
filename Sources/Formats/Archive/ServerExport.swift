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
  public static func json(of version: FlowVersion) -> [UInt8] { version.archive }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func version(from json: [UInt8]) throws(WireFault) -> FlowVersion {
    try FlowVersion(archive: json, place: "flow")
  }
}

extension FlowVersion: Archived {
  static let blank = FlowVersion(name: "", version: 0, text: "", savedAtUnixMicroseconds: 0)
  static var members: [ArchiveMember<FlowVersion>] {
    [
      .text("name", \.name),
      ArchiveMember(\.version) {
        $0.field("version", $1)
      } read: { fields, _ throws(WireFault) in
        if let version = try fields.storedNumber("version", from: 1) { return version }
        throw fields.missing("version", "a whole number from 1")
      },
      .instant("savedAtUs", \.savedAtUnixMicroseconds), .text("text", \.text),
    ]
  }
}

/// What a server counted, as servers hand it on: JSON without loss.
public enum UsageArchive {
  /// The whole of it.
  public static func json(of share: UsageShare) -> [UInt8] { share.archive }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func share(from json: [UInt8]) throws(WireFault) -> UsageShare {
    try UsageShare(archive: json, place: "usage")
  }
}

extension UsageShare: Archived {
  static let blank = UsageShare(node: "", entry: UsageEntry(day: 0, key: nil, counts: UsageCounts()))
  static var members: [ArchiveMember<UsageShare>] {
    [
      .text("node", \.node),
      ArchiveMember(\.entry.day) {
        $0.field("day", UTCTime.dayText($1))
      } read: { fields, _ throws(WireFault) in
        let text = try fields.text("day")
        guard let day = UTCTime.day(text) else { throw fields.outOfRange("day", "a day", .string(text)) }
        return day
      },
      ArchiveMember(\.entry.key) {
        $0.field("key", $1 ?? "")
      } read: { fields, _ throws(WireFault) in
        let key = try fields.text("key")
        return key.isEmpty ? nil : key
      },
      .number("calls", \.entry.counts.calls, from: 0), .number("refusedCalls", \.entry.counts.refusedCalls, from: 0),
      .span("callUs", \.entry.counts.callTime, from: 0), .number("turns", \.entry.counts.turns, from: 0),
      .span("recognizedUs", \.entry.counts.recognizedTime, from: 0),
      .number("synthesizedCharacters", \.entry.counts.synthesizedCharacters, from: 0),
      .span("synthesizedUs", \.entry.counts.synthesizedTime, from: 0),
      .number("cacheHits", \.entry.counts.cacheHits, from: 0),
      .number("modelRequests", \.entry.counts.modelRequests, from: 0),
      .number("promptTokens", \.entry.counts.promptTokens, from: 0),
      .number("answerTokens", \.entry.counts.answerTokens, from: 0),
    ]
  }
}
