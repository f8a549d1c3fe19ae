import CallCore
import JSON

extension TimelineEntry {
  func writeMembers(to writer: inout JSONWriter) {
    writer.field("at", at.milliseconds)
    writer.field("kind", kind.rawValue)
    writer.field("detail", detail)
  }

  init(_ fields: JSONFields) throws(WireFault) {
    let name = try fields.text("kind")
    guard let kind = Kind(rawValue: name) else { throw fields.outOfRange("kind", "a known kind", .string(name)) }
    self.init(at: try fields.instant("at"), kind: kind, detail: try fields.text("detail"))
  }
}
