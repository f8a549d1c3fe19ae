public import CallCore

/// What was said in a call, for a language model to read: what the caller meant, whatever the agent understood, and what was heard of the agent,
/// whatever else it had set out to say.
public struct JudgedTranscript: Sendable, Equatable {
  /// What one side said at a stretch.
  public struct Line: Sendable, Equatable {
    /// Which side.
    public var role: TranscriptEntry.Role
    /// What it said, in one line; in parentheses what it did without a word.
    public var text: String
    /// When it began, where that is known.
    public var at: Timestamp?
    /// Whether it was broken off.
    public var isCut: Bool

    /// - Parameter at: when it began.
    public init(_ role: TranscriptEntry.Role, _ text: String, at: Timestamp? = nil, isCut: Bool = false) {
      (self.role, self.text, self.at, self.isCut) = (role, ReportText.line(text), at, isCut)
    }
  }

  /// In order of time.
  public var lines: [Line]

  /// Most characters that a model is asked to read: an hour of talk and more.
  public static let charactersMax = 60_000

  /// - Parameter lines: in order of time.
  public init(_ lines: [Line]) { self.lines = lines }

  /// Of a call that is over.
  public init(of result: CaseResult) {
    let agent = AgentUtterance.all(in: result.evidence).filter { !$0.playedText.isEmpty }.map { utterance in
      Line(.agent, utterance.playedText, at: utterance.began, isCut: utterance.isCut)
    }
    let caller = result.turns.filter(\.isReached).flatMap { turn in
      let words = turn.said.isEmpty ? "(\(turn.action))" : turn.said
      // What the agent asked for again was said before, too.
      let before = result.evidence.acts.filter { $0.turn == turn.number }.dropLast().map(\.began)
      return (before + [turn.began]).map { Line(.caller, words, at: $0) }
    }
    // The agent's first, where both begin at once: the caller speaks over it.
    lines = (agent + caller).enumerated().sorted {
      ($0.element.at ?? .zero, $0.offset) < ($1.element.at ?? .zero, $1.offset)
    }.map(\.element)
  }

  /// A line each, with the side before it.
  var text: String {
    lines.map { line in
      let name = line.role == .agent ? "Agent" : "Caller"
      return "\(name): \(line.text)\(line.isCut ? " (broken off)" : "")"
    }.joined(separator: "\n")
  }

  /// The line of the agent in which these words stand one after another; `nil` when they stand in none, or are none.
  func agentLine(with quote: String) -> Line? {
    guard !WordErrorRate.words(of: quote).isEmpty else { return nil }
    return lines.first { $0.role == .agent && ReplyWords($0.text).contains(quote) }
  }

  /// Why no model is asked about it; `nil` when one can be.
  var fault: String? {
    guard lines.contains(where: { $0.role == .agent && !WordErrorRate.words(of: $0.text).isEmpty }) else {
      return "the agent said nothing that could be quoted"
    }
    let count = text.count
    return count <= Self.charactersMax
      ? nil : "the transcript has \(count) characters; at most \(Self.charactersMax) are judged"
  }
}
