import CallCore

/// What a flow listens for, and a caller's words: two lines, the pattern first.
final class ExpressionTarget: FuzzTarget {
  static let name = "expressions"

  func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let written = String(decoding: input.bytes(until: UInt8(ascii: "\n")), as: UTF8.self)
    let said = String(decoding: input.remainder(), as: UTF8.self)
    guard let pattern = UtterancePattern(written) else { return }
    let kind = SlotKind.choice([SlotChoice("chosen", hear: [pattern])])
    let value = kind.value(said: said, today: nil)
    require(value == nil || value == "chosen", "a choice is one of its values")
  }
}
