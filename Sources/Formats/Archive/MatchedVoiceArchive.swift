public import CallCore
public import JSON

/// A matched voice as databases keep it: JSON without loss. Swift writes a factor with as many digits as it takes to read the same one
/// again.
public enum MatchedVoiceArchive {
  /// The whole voice.
  public static func json(of voice: MatchedVoice) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("id", voice.id)
      writer.field("name", voice.name)
      writer.field("pitch", .number(voice.shape.pitch))
      writer.field("formants", .number(voice.shape.formants))
      writer.field("pace", .number(voice.shape.pace))
      writer.field("pitchHz", voice.pitchHz)
      writer.field("recordingUs", voice.recording.microseconds)
      writer.field("createdAtUs", voice.createdAtUnixMicroseconds)
    }
    return writer.bytes
  }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func voice(from json: [UInt8]) throws(WireFault) -> MatchedVoice {
    let fields = try JSONFields(archived: json, place: "voice")
    return MatchedVoice(
      id: try fields.text("id"), name: try fields.text("name"),
      shape: VoiceShape(
        pitch: try factor("pitch", fields), formants: try factor("formants", fields),
        pace: try factor("pace", fields)),
      pitchHz: try fields.number("pitchHz"), recording: try fields.exactSpan("recordingUs"),
      createdAtUnixMicroseconds: try fields.microseconds("createdAtUs"))
  }

  private static func factor(_ name: String, _ fields: JSONFields) throws(WireFault) -> Double {
    switch fields[name] {
    case .number(let number)?: return number
    case .integer(let number)?: return Double(number)
    case let other?: throw fields.wrongType(name, "a number", other)
    case nil: throw fields.missing(name, "a number")
    }
  }
}
