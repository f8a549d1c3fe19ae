public import CallCore
import JSON

/// `transcript`: what was said in a turn.
public struct TranscriptNotice: Sendable, Equatable {
  /// The caller's turn it belongs to.
  public var turn: TurnID
  /// Who spoke.
  public var role: TranscriptEntry.Role
  /// The words.
  public var text: String
  /// False while the turn may still go on.
  public var isFinal: Bool
  /// When the speech began; whole milliseconds.
  public var at: Timestamp
  /// How it came in.
  public var source: TranscriptEntry.Source

  /// - Parameter entry: the instant loses what is below a millisecond.
  public init(_ entry: TranscriptEntry, isFinal: Bool) {
    turn = entry.turn
    role = entry.role
    text = entry.text
    self.isFinal = isFinal
    at = Timestamp(microseconds: Int64(entry.at.milliseconds) * 1000)
    source = entry.source
  }

  init(_ fields: JSONFields) throws(WireFault) {
    turn = try fields.turn("turn")
    role = try fields.choice("role", of: [.caller, .agent])
    text = try fields.text("text")
    isFinal = try fields.flag("final")
    at = try fields.instant("at")
    source = try fields.choice("source", of: [.speech, .keys, .text])
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("turn", turn.number)
    writer.field("role", role.rawValue)
    writer.field("text", text)
    writer.field("final", isFinal)
    writer.field("at", at.milliseconds)
    writer.field("source", source.rawValue)
  }
}
