public import JSON

/// What is wrong with a file that came in over REST: a problem (RFC 9457) with every fault in a member of its own, `faults`.
public struct FaultList: Sendable, JSONDocument {
  /// What is wrong.
  public var faults: FileFaults

  /// - Parameter faults: of the body.
  public init(_ faults: FileFaults) { self.faults = faults }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("type", "about:blank")
    writer.field("title", "Bad Request")
    writer.field("status", 400)
    writer.field("detail", faults.description)
    writer.list("faults", faults.faults) { writer, fault in writer.object(fault.writeMembers) }
  }
}
