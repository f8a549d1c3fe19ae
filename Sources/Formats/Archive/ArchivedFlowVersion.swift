public import JSON

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

  /// See the properties.
  public init(name: String, version: Int, text: String, savedAtUnixMicroseconds: Int64) {
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
