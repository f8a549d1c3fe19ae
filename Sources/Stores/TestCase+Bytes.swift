import CallCore

extension TestCase {
  /// What a case takes, by estimate: 1000 bytes, 200 for each turn and expectation, and all texts.
  var estimatedBytes: Int {
    let texts = [id, title, caller.persona, source.file] + tags
    let own = texts.reduce(1000) { $0 + $1.utf8.count + 16 } + Self.bytes(of: expectations)
    return turns.reduce(own) { $0 + 200 + Self.bytes(of: $1.deed) + Self.bytes(of: $1.expectations) }
  }

  private static func bytes(of deed: CallerAction) -> Int {
    switch deed {
    case .say(let pieces): pieces.wording.utf8.count + pieces.count * 32
    case .play(let file, let text): file.utf8.count + (text ?? "").utf8.count
    case .press(let keys): keys.count
    case .backchannel(let word): word.utf8.count
    case .staySilent, .hangUp: 0
    }
  }

  private static func bytes(of expectations: [Expectation]) -> Int {
    expectations.reduce(0) { $0 + 200 + bytes(of: $1.check) }
  }

  private static func bytes(of check: Expectation.Check) -> Int {
    switch check {
    case .keywords(let texts), .anyOf(let texts), .excludes(let texts): texts.reduce(0) { $0 + $1.utf8.count + 16 }
    case .regex(let expression): expression.source.utf8.count
    case .exact(let text), .similarity(let text, _), .state(let text), .outcome(let text):
      text.utf8.count
    case .slot(let name, let value): name.utf8.count + value.utf8.count
    case .ended, .latency, .yield, .understood, .duration, .talkOver: 0
    }
  }
}
