/// Reads the marks of an SSML text, in one pass: elements as they are open, and what is between them.
struct SSMLReader {
  /// An element that is open.
  private struct Open {
    let element: SSMLElement
    let ratePercent: Int
    let said: SSMLText.Saying
  }

  private var scanner: SSMLScanner
  private var open: [Open] = []
  private var items: [SSMLText.Item] = []
  private var elements = 0
  private var pauses = CallDuration.zero

  init(_ source: String) { scanner = SSMLScanner(source) }

  mutating func read() throws(SSMLFault) -> [SSMLText.Item] {
    while let piece = try scanner.next() {
      switch piece {
      case .words(let words): try add(words)
      case .start(let tag): try begin(tag)
      case .end(let name): try end(name)
      }
    }
    if let last = open.last {
      throw SSMLFault(
        "`<\(last.element.rawValue)>` is never closed: write `</\(last.element.rawValue)>` behind its words")
    }
    return items
  }

  private mutating func add(_ words: String) throws(SSMLFault) {
    guard words.contains(where: { !$0.isWhitespace }) || open.last?.element != .pause else { return }
    guard open.last?.element != .pause else {
      throw SSMLFault("`<break>` has words in it: write `<break/>`, and the words behind it")
    }
    let (rate, said) = (open.last?.ratePercent ?? 100, open.last?.said ?? .normalized)
    items.append(.words(words, said: said, ratePercent: rate))
  }

  private mutating func begin(_ tag: SSMLTag) throws(SSMLFault) {
    guard let element = SSMLElement(rawValue: tag.name) else {
      throw tag.fault("is not understood here; there are \(SSMLElement.names)")
    }
    elements += 1
    guard elements <= SSMLText.elementsMax else {
      throw SSMLFault("the text has more than \(SSMLText.elementsMax) elements: say it in several texts")
    }
    if element == .speak, elements > 1 || !items.allSatisfy(\.isBlank) {
      throw tag.fault("can only stand around the whole text, once")
    }
    if let outer = open.last?.element, outer.isLeaf {
      throw tag.fault("stands in `<\(outer.rawValue)>`, which holds words alone")
    }
    guard open.count < SSMLText.depthMax else {
      throw tag.fault("is nested deeper than \(SSMLText.depthMax) elements")
    }
    try tag.check(element)
    try enter(element, tag)
    if tag.isClosed { leave() }
  }

  private mutating func enter(_ element: SSMLElement, _ tag: SSMLTag) throws(SSMLFault) {
    var (rate, said) = (open.last?.ratePercent ?? 100, SSMLText.Saying.normalized)
    switch element {
    case .speak: break
    case .p, .s: items.append(.sentenceEnd)
    case .pause: try pause(for: tag)
    case .sayAs: said = try SayAs.reading(of: tag)
    case .sub:
      guard let alias = tag["alias"] else { throw tag.fault("needs `alias=\"…\"`: what is said in place of its words") }
      said = .alias(alias)
    case .prosody: rate = try ProsodyRate.percent(of: tag, from: rate)
    }
    open.append(Open(element: element, ratePercent: rate, said: said))
  }

  private mutating func pause(for tag: SSMLTag) throws(SSMLFault) {
    let length = try BreakLength.of(tag)
    pauses = pauses + length
    guard pauses <= SSMLText.pausesMax else {
      throw tag.fault("makes the pauses longer than \(SSMLText.pausesMax.milliseconds / 1000) s together")
    }
    items.append(.pause(length))
  }

  private mutating func leave() {
    switch open.removeLast().element {
    case .s: items.append(.sentenceEnd)
    case .p: items += [.sentenceEnd, .pause(BreakLength.paragraph)]
    case .speak, .pause, .sayAs, .sub, .prosody: break
    }
  }

  private mutating func end(_ name: String) throws(SSMLFault) {
    guard let last = open.last else { throw SSMLFault("`</\(name)>` closes nothing: take it out") }
    guard last.element.rawValue == name else {
      let inner = last.element.rawValue
      throw SSMLFault("`</\(name)>` stands where `<\(inner)>` is open: close that first with `</\(inner)>`")
    }
    leave()
    scanner.isOver = last.element == .speak
  }
}

extension SSMLText.Item {
  /// Whether it is white space alone.
  fileprivate var isBlank: Bool {
    if case .words(let words, _, _) = self { words.allSatisfy(\.isWhitespace) } else { false }
  }
}
