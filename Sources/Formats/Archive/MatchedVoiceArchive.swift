public import CallCore
public import JSON

/// A matched voice as databases keep it: JSON without loss. Swift writes a factor with as many digits as it takes to read the same one
/// again.
public enum MatchedVoiceArchive {
  /// The whole voice.
  public static func json(of voice: MatchedVoice) -> [UInt8] { ArchiveMembers.json(of: voice) }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func voice(from json: [UInt8]) throws(WireFault) -> MatchedVoice {
    try ArchiveMembers.value(of: json, place: "voice")
  }
}

extension MatchedVoice: Archived {
  static var blank: MatchedVoice {
    MatchedVoice(id: "", name: "", shape: .plain, pitchHz: 0, recording: .zero, createdAtUnixMicroseconds: 0)
  }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.text("id", &id)
    try members.text("name", &name)
    try members.factor("pitch", &shape.pitch)
    try members.factor("formants", &shape.formants)
    try members.factor("pace", &shape.pace)
    try members.number("pitchHz", &pitchHz)
    try members.span("recordingUs", &recording)
    try members.number("createdAtUs", &createdAtUnixMicroseconds)
  }
}

extension ArchiveMembers {
  fileprivate mutating func factor(_ name: String, _ value: inout Double) throws(WireFault) {
    try member(&value) { writer, factor in
      writer.field(name, .number(factor))
    } read: { fields throws(WireFault) in
      switch fields[name] {
      case .number(let number)?: number
      case .integer(let number)?: Double(number)
      case let other?: throw fields.wrongType(name, "a number", other)
      case nil: throw fields.missing(name, "a number")
      }
    }
  }
}
