public import CallCore
public import JSON

/// A matched voice as databases keep it: JSON without loss. Swift writes a factor with as many digits as it takes to read the same one
/// again.
public enum MatchedVoiceArchive {
  /// The whole voice.
  public static func json(of voice: MatchedVoice) -> [UInt8] { voice.archive }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func voice(from json: [UInt8]) throws(WireFault) -> MatchedVoice {
    try MatchedVoice(archive: json, place: "voice")
  }
}

extension MatchedVoice: Archived {
  static let blank = MatchedVoice(
    id: "", name: "", shape: .plain, pitchHz: 0, recording: .zero, createdAtUnixMicroseconds: 0)
  static var members: [ArchiveMember<MatchedVoice>] {
    [
      .text("id", \.id), .text("name", \.name), .factor("pitch", \.shape.pitch),
      .factor("formants", \.shape.formants), .factor("pace", \.shape.pace), .number("pitchHz", \.pitchHz),
      .span("recordingUs", \.recording), .object("similarity", ifAny: \.similarity),
      .instant("createdAtUs", \.createdAtUnixMicroseconds),
    ]
  }
}

extension VoiceSimilarity: Archived {
  static let blank = VoiceSimilarity(thousandths: 0, model: "")
  static var members: [ArchiveMember<VoiceSimilarity>] {
    [.number("thousandths", \.thousandths, from: 0), .text("model", \.model)]
  }
}

extension ArchiveMember {
  fileprivate static func factor(_ name: String, _ path: WritableKeyPath<Root, Double>) -> Self {
    Self(path) {
      $0.field(name, .number($1))
    } read: { fields, _ throws(WireFault) in
      switch fields[name] {
      case .number(let number)?: number
      case .integer(let number)?: Double(number)
      case let other?: throw fields.wrongType(name, "a number", other)
      case nil: throw fields.missing(name, "a number")
      }
    }
  }
}
