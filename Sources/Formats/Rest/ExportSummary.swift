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

  /// See the properties.
  public init(version: String, calls: Int, runs: Int) {
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
