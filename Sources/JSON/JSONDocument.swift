/// A value that can be written as one JSON object.
public protocol JSONDocument {
  /// Writes the members, in the order of `Wire.md`.
  func writeMembers(to writer: inout JSONWriter)
}

extension JSONDocument {
  /// The object as UTF-8: the same value gives the same bytes.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object(writeMembers)
    return writer.bytes
  }

  /// The object as text.
  public var jsonText: String { String(decoding: json, as: UTF8.self) }
}
