package import CallCore
package import JSON

extension TranscriptEntry {
  package func writeMembers(to writer: inout JSONWriter) {
    writer.field("turn", turn.number)
    writer.field("role", role.rawValue)
    writer.field("text", text)
    writer.field("at", at.milliseconds)
    writer.field("source", source.rawValue)
    writer.field("utterance", utterance?.number)
    writer.field("interrupted", interrupted)
    writer.field("heardText", playedText)
    writer.field("heardMs", heard.milliseconds)
  }

  init(_ fields: JSONFields) throws(WireFault) {
    self.init(
      turn: try fields.turn("turn"), role: try fields.choice("role", of: [.caller, .agent]),
      text: try fields.text("text"),
      at: try fields.instant("at"), source: try fields.choice("source", of: [.speech, .keys, .text]),
      utterance: try fields["utterance"].map { _ throws(WireFault) in try fields.utterance("utterance") },
      playedText: try fields.text("heardText"))
    interrupted = try fields.flag("interrupted")
    heard = try fields.span("heardMs")
  }
}
