import JSON
import Wires
import Formats

/// Everything that `voiceforge doctor` found.
struct DoctorReport: JSONDocument {
  let sections: [DoctorSection]

  /// Checks of something needed that is not there.
  var missing: [DoctorCheck] { sections.flatMap(\.checks).filter { $0.state == .missing } }

  /// The last line of the text.
  var verdict: String {
    guard !missing.isEmpty else { return "Everything needed is here." }
    return
      "\(missing.count) \(missing.count == 1 ? "thing is" : "things are") missing; what to do stands behind the arrows."
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("ok", missing.isEmpty)
    writer.list("sections", sections) { writer, section in writer.object(section.writeMembers) }
  }
}
