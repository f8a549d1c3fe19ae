public import CallCore

/// The way of a caller's packets to the agent: it loses, delays, duplicates and disorders them by luck drawn from a seed.
///
/// Loss is the Gilbert–Elliott model in its simple form (Gilbert 1960): a good state that loses nothing and a bad one that loses
/// everything. With a share of loss p and bursts of L packets on average, the bad state is left with 1/L and entered with p/((1−p)·L):
/// both are fractions of whole numbers, so the share is exact in the long run, and the first packet is drawn from that share too.
///
/// Loss, jitter and duplication each have a stream of their own and draw once a packet, lost or not, so that one does not
/// move another. What does not happen draws nothing.
public struct LossyNetwork: Sendable {
  /// What became of the packets so far. `overtaken` counts packets whose first copy arrives after a later packet's; of two that
  /// arrive at the same instant the earlier is in front.
  public private(set) var counts = NetworkCounts()

  private let conditions: NetworkConditions
  private var loss: SeededStream
  private var jitter: SeededStream
  private var duplicates: SeededStream
  private var copyJitter: SeededStream
  /// Whether the last packet was lost.
  private var isBad = false
  /// First arrivals of packets that may still be overtaken, ascending.
  private var pending: [Timestamp] = []

  /// - Parameters:
  ///   - conditions: in the ranges of their documentation.
  ///   - seed: of the call.
  public init(conditions: NetworkConditions, seed: UInt64) {
    precondition((0...500).contains(conditions.lossPermille) && conditions.lossBurst >= 1, "a loss that can be drawn")
    self.conditions = conditions
    loss = SeededStream(seed: seed, "loss")
    jitter = SeededStream(seed: seed, "jitter")
    duplicates = SeededStream(seed: seed, "duplicates")
    copyJitter = SeededStream(seed: seed, "jitter of duplicates")
    // At 20 ms a packet; a sender that is faster makes it grow once.
    pending.reserveCapacity(Int(conditions.jitter.microseconds / 20_000) + 2)
  }

  /// Sends the next packet.
  /// - Parameter now: not before the packet that was sent last.
  /// - Returns: when it arrives: never, once, or twice, in order.
  public mutating func send(at now: Timestamp) -> [Timestamp] {
    let isFirst = counts.sent == 0
    counts.sent += 1
    let own = Self.drawn(conditions.jitter, from: &jitter)
    let isDouble =
      conditions.duplicatePermille > 0 && duplicates.draws(conditions.duplicatePermille, outOf: 1000)
    let copy = conditions.duplicatePermille > 0 ? Self.drawn(conditions.jitter, from: &copyJitter) : .zero
    if loses(isFirst: isFirst) {
      counts.lost += 1
      return []
    }
    let soonest = now + conditions.delay
    let first = soonest + (isDouble ? min(own, copy) : own)
    if conditions.jitter > .zero { enqueue(first, at: now) }
    guard isDouble else { return [first] }
    counts.duplicated += 1
    return [first, soonest + max(own, copy)]
  }

  private static func drawn(_ longest: CallDuration, from stream: inout SeededStream) -> CallDuration {
    longest > .zero ? .microseconds(Int64(stream.number(in: 0...Int(longest.microseconds)))) : .zero
  }

  private mutating func loses(isFirst: Bool) -> Bool {
    let share = conditions.lossPermille
    guard share > 0 else { return false }
    let burst = conditions.lossBurst
    if isFirst || burst == 1 {
      isBad = loss.draws(share, outOf: 1000)
    } else if isBad {
      isBad = !loss.draws(1, outOf: burst)
    } else {
      isBad = loss.draws(share, outOf: (1000 - share) * burst)
    }
    return isBad
  }

  private mutating func enqueue(_ arrival: Timestamp, at now: Timestamp) {
    while let last = pending.last, last > arrival {
      pending.removeLast()
      counts.overtaken += 1
    }
    let arrived = pending.prefix { $0 <= now }.count
    pending.removeFirst(arrived)
    pending.append(arrival)
  }
}

/// What became of the caller's packets on their way.
public struct NetworkCounts: Sendable, Equatable {
  /// Packets that the caller sent.
  public var sent = 0
  /// Packets that the network dropped.
  public var lost = 0
  /// Packets that arrived twice.
  public var duplicated = 0
  /// Packets whose first copy arrives after a later packet's. A second copy that comes late is none.
  public var overtaken = 0

  /// All zero.
  public init() {}
}
