public import CallCore

/// One of several generators that placed a load together, and what it came to.
public struct GeneratorResult: Sendable, Equatable {
  /// Why what a generator measured, and so the whole load, is worth nothing.
  public enum Problem: Sendable, Equatable {
    /// Nothing was heard of it for `SharedLoadLimits.generatorSilenceMax` of the store.
    case lost
    /// It told that it could not go on, and why.
    case failed(String)
    /// It began the plan so much later than the others.
    case startedLate(CallDuration)
    /// Its clock could not be set to the others' but for so much.
    case clock(CallDuration)
    /// More than `LoadResult.ownLatePercentMax` of its own frames left late: so many per cent.
    case heldUp(Double)
    /// So many of its seconds never came.
    case secondsMissing(Int)
    /// As an earlier report told it.
    case reported(String)
  }

  /// A generator that begins the plan later makes the load another one than was planned.
  package static let latenessMax = CallDuration.seconds(1)
  /// Most that a generator's clock may be off; on a local network it is less than a millisecond.
  package static let clockErrorMax = CallDuration.milliseconds(250)

  /// Unique among all: the machine, the process and luck.
  public var name: String
  /// Calls that it began.
  public var offered = 0
  /// Its own frames, and those that left late.
  public var framesSent = 0
  /// See `framesSent`.
  public var framesSentLate = 0
  /// Most cores that it used in a second.
  public var coresMax = 0.0
  /// At most so much its clock was off; `nil` where it did not come so far.
  public var clockError: CallDuration?
  /// `nil` where what it measured counts.
  public var problem: Problem?

  package init(name: String) { self.name = name }

  /// The problem with the generator's name in a sentence without an end.
  public var problemText: String? {
    problem.map { problem in
      switch problem {
      case .lost: "generator \(name) was lost"
      case .failed(let why): "generator \(name) could not go on: \(why)"
      case .startedLate(let lateness): "generator \(name) started \(lateness.milliseconds) ms late"
      case .clock(let error): "the clock of generator \(name) is known to \(error.milliseconds) ms only"
      case .heldUp(let share):
        "\(LoadText.decimals(share, 1)) % of the own frames of generator \(name) left over 20 ms late"
      case .secondsMissing(let count): "\(count) second\(count == 1 ? "" : "s") of generator \(name) never came"
      case .reported(let text): text
      }
    }
  }
}
