/// Whether recognitions are made that may be in vain: on trial in a short pause, and of words that are only to be shown. They make
/// a lone caller's turn shorter and cost the others' turns time, so they are given up first when the engines are busy.
///
/// A value without a clock. It closes at one level and opens at a lower one, so that it does not flap.
public struct SpeculationGate: Sendable, Equatable {
  /// Work waiting for each thread that closes the gate: 140 ms of it at 70 ms each, as much as a trial gains.
  public static let closingWaitingPerThread = 2
  /// Share of the threads' time in use that closes the gate, and the one below which it opens. At 0.75 the mean wait is two thirds
  /// of a recognition and rises steeply (two servers with constant service time).
  public static let closingShare = 0.75, openingShare = 0.6

  /// Whether trials are made.
  public private(set) var isOpen = true
  /// Share of the threads' time in use, as last told.
  public var busyShare = 0.0

  /// Open.
  public init() {}

  /// Takes a look at what waits now.
  /// - Parameters:
  ///   - waiting: pieces of work that somebody waits for.
  ///   - threads: 1 and up.
  /// - Returns: `isOpen` after that.
  public mutating func look(waiting: Int, threads: Int) -> Bool {
    if waiting >= Self.closingWaitingPerThread * threads || busyShare >= Self.closingShare {
      isOpen = false
    } else if waiting == 0, busyShare < Self.openingShare {
      isOpen = true
    }
    return isOpen
  }
}
