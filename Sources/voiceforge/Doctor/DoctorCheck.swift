import JSON
import Formats

/// One thing that `voiceforge doctor` looked at.
struct DoctorCheck {
  /// How it is. The raw values stand in the JSON.
  enum State: String {
    case fine
    /// The product works without it, or with another setting.
    case note
    /// Needed, and missing or broken.
    case missing
  }

  /// Such as `Moonshine encoder`.
  var name: String
  var state = State.fine
  /// What was found, in a few words.
  var detail = ""
  /// Where it is or should be; empty for what is no file.
  var path = ""
  /// Size of the file, if it is one.
  var bytes: Int?
  /// What the user can do.
  var remedy: String?

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("name", name)
    writer.field("state", state.rawValue)
    writer.field("detail", detail)
    writer.field("path", path.isEmpty ? nil : path)
    writer.field("bytes", bytes)
    writer.field("remedy", remedy)
  }
}
