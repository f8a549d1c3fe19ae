import CallCore

/// What is foretold of the speech threads from the calls that are up: the share of their time that is in use once all callers speak, and how
/// long the first turns of calls that began together would wait.
///
/// The share is calls times the cost of one, which is learned from those whose callers have spoken: a ramp is not counted twice, and a load that
/// wavers by chance does not bend it. First turns are a queue of their own, which the time that other turns leave works off: calls
/// that begin one by one do not add up in it, calls that begin together do.
///
/// The constants were chosen by the worlds of `TurnAdmissionTests`, in which callers speak turn by turn in virtual time.
struct EngineForecast: Sendable {
  /// The calls of a server, by how much they may already cost.
  struct Calls: Sendable {
    /// That are up.
    var up = 0
    /// Those of them that began within `Admission.engineSettling`: they may speak yet.
    var young = 0
    /// Those of them whose caller spoke.
    var speakers = 0
    /// That hung up since the last look.
    var ended = 0

    /// Calls whose cost shows: those whose caller spoke, and those that would have by now.
    var shown: Int { max(speakers, up - young) }
  }

  /// A speech thread's time for the recognition of a turn, seconds: Moonshine, for two to three seconds of speech.
  static let knownTurnTime = 0.07
  /// Callers who began at one instant say their first turn within so many seconds: greetings end alike, answers are short and long.
  static let firstTurnSpread = 2.5
  /// The fuller a server, the less it counts on that, down to this part: calls that go alike keep together in all their turns.
  private static let spreadOfFull = 0.2
  /// No first turn costs more than a call does in so many seconds on the average: callers who never speak have none.
  private static let firstTurnSeconds = 10.0
  /// Calls that hang up within so many seconds make room for young ones, who do not speak before.
  private static let leavingSpan = 2.5
  /// Of the calls that are not young, no more than one in so many is taken to hang up before the young ones speak: calls that began together
  /// also end together, and meanwhile none does.
  private static let leavingDivisor = 8.0
  /// Least share of their time that the threads are taken to have for first turns.
  private static let freeShareMin = 0.05
  /// The known time of a turn weighs as much as so many turns in a second that were measured: four turns in the 8 s of the averages.
  private static let turnsOfKnown = 0.5
  /// Share of a new figure in the averages: at four a second they forget within some 8 s.
  private static let newShare = 1.0 / 32

  private let threads: Double
  private(set) var cost = CallCost(known: Admission.engineShareOfCall)
  /// Threads in use, and pieces of work that were done in a second, averaged.
  private var busy = 0.0
  private var pieces = 0.0
  /// Calls that hang up in a second, averaged.
  private var endsPerSecond = 0.0
  /// Calls whose first turn is still to come, if all of them came as soon as the threads have time for them.
  private var firstTurns = 0.0

  /// - Parameter threads: 1 and up.
  init(threads: Int) { self.threads = Double(threads) }

  /// Share of the threads' time in use, averaged over some 8 s.
  var busyShare: Double { busy / threads }

  /// A speech thread's time for one piece of work, seconds.
  var turnTime: Double { (busy + Self.knownTurnTime * Self.turnsOfKnown) / (pieces + Self.turnsOfKnown) }

  /// Takes in one look.
  /// - Parameter seconds: since the last one, above 0.
  mutating func learn(_ figures: LoadFigures, of calls: Calls, after seconds: Double) {
    let cores = figures.engineShare * threads
    busy += (cores - busy) * Self.newShare
    pieces += (figures.enginePiecesPerSecond - pieces) * Self.newShare
    endsPerSecond += (Double(calls.ended) / seconds - endsPerSecond) * Self.newShare
    // Calls whose turns take longer cost more: that is known as soon as the first of them was recognised.
    cost.known = Admission.engineShareOfCall * turnTime / Self.knownTurnTime
    cost.learn(cores: cores, calls: Double(calls.shown), isIdle: calls.up == 0)
    firstTurns = max(
      0, firstTurns - seconds * max(freeShare(beside: calls), Self.freeShareMin) * threads / firstTurnTime)
  }

  /// A call was admitted.
  mutating func addCall() { firstTurns += 1 }

  /// Share of the threads' time in use once all calls speak, 0 and up. Calls that hang up meanwhile make room for young ones.
  /// - Parameter more: calls beside those that are up.
  func share(of calls: Calls, and more: Double = 0) -> Double {
    let leaving = min(
      endsPerSecond * Self.leavingSpan, Double(max(0, calls.up - calls.young)) / Self.leavingDivisor)
    return max(0, Double(calls.up) - leaving + more) * cost.share / threads
  }

  /// Calls for which the threads have time.
  /// - Parameter shareMax: share of it that may be in use.
  func fitting(shareMax: Double) -> Double { shareMax * threads / cost.share }

  /// How long the last of the first turns that are to come would wait, seconds; below 0 where there is time to spare.
  /// - Parameters:
  ///   - more: calls that would begin now.
  ///   - shareMax: share of the threads' time that may be in use while they come.
  func firstTurnWait(of calls: Calls, and more: Int, shareMax: Double) -> Double {
    let free = max(0, freeShare(beside: calls) - (1 - shareMax))
    let spread = Self.firstTurnSpread * min(1, free / shareMax + Self.spreadOfFull)
    return (firstTurns + Double(more)) * firstTurnTime / threads - free * spread
  }

  /// A thread's time for the first turn of a call, seconds.
  private var firstTurnTime: Double { min(turnTime, cost.share * Self.firstTurnSeconds) }

  /// Share of the threads' time that is left beside calls whose first turn is over.
  private func freeShare(beside calls: Calls) -> Double { 1 - share(of: calls, and: -firstTurns) }
}
