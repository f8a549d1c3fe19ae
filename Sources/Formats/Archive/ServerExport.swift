public import CallCore
public import JSON

/// What `GET /api/export` answers.
public struct ExportSummary: Sendable, Equatable, JSONDocument {
  /// Of the answers behind it. Raised when an older program could not read them.
  public static let format = 1

  /// See `format`.
  public var format = Self.format
  /// The server's version.
  public var version: String
  /// Calls that are kept.
  public var calls: Int
  /// Runs of test cases that are kept.
  public var runs: Int

  package init(version: String, calls: Int, runs: Int) {
    self.version = version
    self.calls = calls
    self.runs = runs
  }

  /// - Parameter json: as a server answered it.
  public init(parsing json: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(archived: json, place: "export")
    format = try fields.number("format", 1...WireLimits.wholeNumberMax)
    version = try fields.text("version")
    calls = try fields.optionalNumber("calls", 0...WireLimits.wholeNumberMax) ?? 0
    runs = try fields.optionalNumber("runs", 0...WireLimits.wholeNumberMax) ?? 0
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("format", format)
    writer.field("version", version)
    writer.field("calls", calls)
    writer.field("runs", runs)
  }
}

/// What `GET /api/export/calls` and `GET /api/export/runs` answer.
public struct ExportedIDs: Sendable, Equatable, JSONDocument {
  /// Of calls, the newest first; of runs, the oldest first.
  public var ids: [String]
  /// Where the next page begins; `nil` behind the last one.
  public var nextCursor: String?

  package init(ids: [String], nextCursor: String? = nil) {
    self.ids = ids
    self.nextCursor = nextCursor
  }

  /// - Parameter json: as a server answered it.
  public init(parsing json: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(archived: json, place: "export")
    ids = try fields.textList("ids")
    nextCursor = try fields.optionalText("nextCursor")
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.list("ids", ids) { $0.value($1) }
    writer.field("nextCursor", nextCursor)
  }
}

/// A version of a flow as servers hand it on: JSON without loss.
public struct ArchivedFlowVersion: Sendable, Equatable, JSONDocument {
  /// Of the flow.
  public var name: String
  /// 1 and up.
  public var version: Int
  /// The file, YAML.
  public var text: String
  /// When it was saved, in microseconds since 1970 UTC.
  public var savedAtUnixMicroseconds: Int64

  package init(name: String, version: Int, text: String, savedAtUnixMicroseconds: Int64) {
    self.name = name
    self.version = version
    self.text = text
    self.savedAtUnixMicroseconds = savedAtUnixMicroseconds
  }

  /// - Parameter json: as `json` gave it.
  public init(from json: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(archived: json, place: "flow")
    name = try fields.text("name")
    guard let version = try fields.storedNumber("version", from: 1) else {
      throw fields.missing("version", "a whole number from 1")
    }
    self.version = version
    text = try fields.text("text")
    savedAtUnixMicroseconds = try fields.microseconds("savedAtUs")
  }

  /// Writes the members.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("name", name)
    writer.field("version", version)
    writer.field("savedAtUs", savedAtUnixMicroseconds)
    writer.field("text", text)
  }
}

/// What a server counted, as servers hand it on: JSON without loss.
public enum UsageArchive {
  /// The whole of it.
  public static func json(of share: UsageShare) -> [UInt8] {
    let counts = share.entry.counts
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("node", share.node)
      writer.field("day", UTCTime.dayText(share.entry.day))
      writer.field("key", share.entry.key ?? "")
      writer.field("calls", counts.calls)
      writer.field("refusedCalls", counts.refusedCalls)
      writer.field("callUs", counts.callTime.microseconds)
      writer.field("turns", counts.turns)
      writer.field("recognizedUs", counts.recognizedTime.microseconds)
      writer.field("synthesizedCharacters", counts.synthesizedCharacters)
      writer.field("synthesizedUs", counts.synthesizedTime.microseconds)
      writer.field("cacheHits", counts.cacheHits)
    }
    return writer.bytes
  }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func share(from json: [UInt8]) throws(WireFault) -> UsageShare {
    let fields = try JSONFields(archived: json, place: "usage")
    func count(_ name: String) throws(WireFault) -> Int { try fields.storedNumber(name, from: 0) ?? 0 }
    let text = try fields.text("day")
    guard let day = UTCTime.day(text) else { throw fields.outOfRange("day", "a day", .string(text)) }
    let key = try fields.text("key")
    var counts = UsageCounts()
    counts.calls = try count("calls")
    counts.refusedCalls = try count("refusedCalls")
    counts.callTime = .microseconds(Int64(try count("callUs")))
    counts.turns = try count("turns")
    counts.recognizedTime = .microseconds(Int64(try count("recognizedUs")))
    counts.synthesizedCharacters = try count("synthesizedCharacters")
    counts.synthesizedTime = .microseconds(Int64(try count("synthesizedUs")))
    counts.cacheHits = try count("cacheHits")
    return UsageShare(
      node: try fields.text("node"), entry: UsageEntry(day: day, key: key.isEmpty ? nil : key, counts: counts))
  }
}
