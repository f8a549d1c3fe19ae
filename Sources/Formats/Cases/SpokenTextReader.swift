import CallCore

/// Reads a line of the caller, with pauses written in it: `My number is [pause 600ms] four two.`
struct SpokenTextReader {
  let context: CaseParseContext
  /// What is read, for people.
  let what: String

  /// `nil`, with a fault, when it is no line.
  func read(_ node: FileNode) -> [SpokenPiece]? {
    guard let text = NodeReader(context: context, what: what).spokenText(node, max: CaseLimits.textMax) else {
      return nil
    }
    var pieces: [SpokenPiece] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "[") {
      append(rest[..<open], to: &pieces)
      let inside = rest[open...].dropFirst()
      guard let close = inside.firstIndex(of: "]"), let pause = pause(inside[..<close]) else {
        let advice = "a pause is written [pause 600ms]; other text has no brackets"
        context.log.add(.wrongType, at: node.place, "\(what) has a bracket that is no pause; \(advice)")
        return nil
      }
      guard CaseLimits.pause.contains(pause) else {
        let range = "\(CaseLimits.pause.lowerBound.milliseconds) ms to \(CaseLimits.pause.upperBound.milliseconds) ms"
        context.log.add(
          .outOfLimits, at: node.place, "a pause in \(what) must be \(range), not \(pause.milliseconds) ms")
        return nil
      }
      pieces.append(.pause(pause))
      rest = inside[close...].dropFirst()
    }
    append(rest, to: &pieces)
    guard !WordErrorRate.words(of: pieces.meaning).isEmpty else {
      context.log.add(.emptyText, at: node.place, "\(what) has no word in it; silence is written `silent: true`")
      return nil
    }
    return pieces
  }

  private func pause(_ inside: Substring) -> CallDuration? {
    let words = inside.split(whereSeparator: \.isWhitespace)
    guard words.count == 2, words[0] == "pause" else { return nil }
    return CallDuration(written: String(words[1]))
  }

  /// Line breaks of the file are blanks; what is only punctuation between two pauses stays with the words before it.
  private func append(_ text: Substring, to pieces: inout [SpokenPiece]) {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if !words.isEmpty { pieces.append(.words(words)) }
  }
}
