import CallCore
import JSON

extension AudioCounts {
  func writeMembers(to writer: inout JSONWriter) {
    writer.field("received", received)
    writer.field("lost", lost)
    writer.field("concealed", concealed)
    writer.field("late", late)
    writer.field("dropped", dropped)
  }

  init(_ fields: JSONFields) throws(WireFault) {
    self.init()
    received = try fields.number("received", 0...WireLimits.wholeNumberMax)
    lost = try fields.number("lost", 0...WireLimits.wholeNumberMax)
    concealed = try fields.number("concealed", 0...WireLimits.wholeNumberMax)
    late = try fields.number("late", 0...WireLimits.wholeNumberMax)
    dropped = try fields.number("dropped", 0...WireLimits.wholeNumberMax)
  }
}
