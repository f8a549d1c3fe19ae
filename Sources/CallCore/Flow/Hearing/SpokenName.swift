/// A person's name.
enum SpokenName {
  /// The name without "my name is" and the like, with capitals; `nil` when that leaves nothing or more than five words.
  static func value(in text: String) -> String? {
    var pieces = text.split { !$0.isLetter && !"'\u{2019}-.".contains($0) }
      .map { String($0).trimming { !$0.isLetter } }
      .filter { !$0.isEmpty }
    let plain = pieces.map { UtteranceWords($0).joined }
    let filled = zip(pieces, plain).filter { !$1.isEmpty }
    pieces = filled.map(\.0)
    let words = filled.map(\.1)
    if let carrier = carriers.first(where: { words.starts(with: $0) }) { pieces.removeFirst(carrier.count) }
    if let last = pieces.last, ["please", "thanks", "speaking"].contains(last.lowercased()) { pieces.removeLast() }
    guard (1...wordsMax).contains(pieces.count) else { return nil }
    return pieces.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
  }

  private static let wordsMax = 5
  /// The longest first.
  private static let carriers: [[String]] = [
    ["you", "can", "call", "me"], ["yes", "my", "name", "is"], ["hi", "my", "name", "is"], ["no", "my", "name", "is"],
    ["my", "name", "is"], ["the", "name", "is"], ["my", "names"], ["no", "it", "is"], ["no", "its"], ["this", "is"],
    ["call", "me"], ["name", "is"], ["it", "is"], ["i", "am"], ["its"], ["im"], ["no"], ["sure"], ["yes"],
  ]
}
