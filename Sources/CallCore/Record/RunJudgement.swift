/// What a language model made of a statement about the agent of a run's call.
public struct RunJudgement: Sendable, Equatable {
  /// What it is about: `The agent …`.
  public var statement: String
  /// Whether it must *not* be true.
  public var isAbsent: Bool
  /// `yes` or `no`; `unjudged` where nothing is known of it, `not-asked` where nobody was asked.
  public var outcome: String
  /// Why it is unjudged or nobody was asked; empty otherwise.
  public var reason: String
  /// The answers, in order; three at most.
  public var votes: [RunVote]

  package init(statement: String, isAbsent: Bool, outcome: String, reason: String, votes: [RunVote]) {
    (self.statement, self.isAbsent, self.outcome) = (statement, isAbsent, outcome)
    (self.reason, self.votes) = (reason, votes)
  }
}

/// One answer of a language model to the question whether a statement is true.
public struct RunVote: Sendable, Equatable {
  /// `yes`, `no` or `cannot-tell`; `nil` when there is no answer that can be read.
  public var answer: String?
  /// The agent's words on which it says to rest, at most 300 characters; empty without any.
  public var quote: String
  /// Its reason, likewise.
  public var why: String
  /// Why it does not count; `nil` when it does.
  public var fault: String?
  /// When the line begins in which the quote was found, in milliseconds of the call.
  public var atMilliseconds: Int?
  /// Who answered, as the server calls it; empty when nobody did.
  public var model: String

  package init(answer: String?, quote: String, why: String, fault: String?, atMilliseconds: Int?, model: String) {
    (self.answer, self.quote, self.why, self.fault) = (answer, quote, why, fault)
    (self.atMilliseconds, self.model) = (atMilliseconds, model)
  }
}

/// How alike in meaning what the agent of a run said is to what it was to say.
public struct RunSimilarity: Sendable, Equatable {
  /// The turn, from 1; `nil` for what concerns the whole call.
  public var turn: Int?
  /// Such as `at least 0.45 like “You are booked” in meaning`.
  public var expected: String
  /// The likeness and the sentence of the agent that is most like it, such as `0.62: “You are down for nine.”`; or why they were not compared.
  public var found: String
  /// The likeness, −1000 to 1000; `nil` when they were not compared.
  public var thousandths: Int?
  /// Whether it is as it was to be.
  public var isPassed: Bool

  package init(turn: Int?, expected: String, found: String, thousandths: Int?, isPassed: Bool) {
    (self.turn, self.expected, self.found) = (turn, expected, found)
    (self.thousandths, self.isPassed) = (thousandths, isPassed)
  }
}
