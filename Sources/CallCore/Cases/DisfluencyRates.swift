/// How often the caller stumbles: the chance at each place where it can happen, in per cent, 0 … 100. Drawn from the seed.
public struct DisfluencyRates: Sendable, Equatable {
  /// `uh`, `um`, `well` before a word.
  public var fillers = 0
  /// A word is said twice.
  public var repetitions = 0
  /// A phrase is begun, broken off and begun again. At most once a line.
  public var restarts = 0
  /// A word is drawn out.
  public var lengthenings = 0
  /// Silence between two words.
  public var pauses = 0
  /// How long such a silence is.
  public var pauseMin = CallDuration.milliseconds(200)
  /// How long such a silence is at most; below the agent's end-of-turn silence it must not be taken for the end.
  public var pauseMax = CallDuration.milliseconds(400)

  /// A fluent caller.
  public init() {}

  /// Whether the caller never stumbles.
  public var isFluent: Bool { fillers + repetitions + restarts + lengthenings + pauses == 0 }
}
