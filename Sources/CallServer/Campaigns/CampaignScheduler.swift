import Bounds
package import CallCore

/// Decides which number of a campaign is called next, and when. A value: it is told the time, and places no calls itself.
///
/// It holds at most `Campaign.numbersMax` numbers. Whoever drives it claims a number in the store before it is dialed.
package struct CampaignScheduler: Sendable {
  /// What is to be done now.
  package enum Step: Sendable, Equatable {
    /// Claim this number, and call it. It counts as a call that goes on until `ended` or `postponed`.
    case call(CampaignNumber)
    /// This number may not be called: say so, and never come back to it.
    case pass(CampaignNumber, reason: String)
    /// Nothing before so long; a call that ends may change that.
    case wait(CallDuration)
    /// Every number was called or passed over, and no call goes on.
    case finished
  }

  /// Longest time that nobody asks: a change of the campaign is noticed then at the latest.
  package static let waitMax = CallDuration.seconds(60)
  /// Why a number was passed over.
  package static let doNotCall = "the number is on the campaign's do-not-call list"

  private var waiting: Queue<CampaignNumber>
  private var underWay: Set<Int>
  private var pace: TokenBucket
  private var heldUntil = Timestamp.zero
  private var settings: Campaign
  private var refused: Set<String>

  /// - Parameters:
  ///   - numbers: those that wait are called in their order; those that are claimed are calls that go on, whose end will be told.
  package init(_ campaign: Campaign, numbers: [CampaignNumber]) {
    waiting = Queue()
    for number in numbers where number.state == .waiting { waiting.append(number) }
    underWay = Set(numbers.lazy.filter { $0.state == .claimed }.map(\.position))
    settings = campaign
    pace = TokenBucket(perMinute: campaign.callsPerMinute, atOnce: 1)
    refused = Set(campaign.doNotCall)
  }

  /// Takes over what somebody changed: pace, calls at once, hours, the do-not-call list.
  package mutating func update(_ campaign: Campaign) {
    if campaign.callsPerMinute != settings.callsPerMinute {
      pace = TokenBucket(perMinute: campaign.callsPerMinute, atOnce: 1)
    }
    if campaign.doNotCall != settings.doNotCall { refused = Set(campaign.doNotCall) }
    settings = campaign
  }

  /// - Parameters:
  ///   - now: of a clock that only goes forward; paces are kept by it.
  ///   - unix: microseconds since 1970 UTC; hours are.
  package mutating func next(at now: Timestamp, unix: Int64) -> Step {
    guard let first = waiting.first else { return underWay.isEmpty ? .finished : .wait(Self.waitMax) }
    if refused.contains(first.number) {
      _ = waiting.popFirst()
      return .pass(first, reason: Self.doNotCall)
    }
    if let wait = settings.hours.wait(at: unix) { return .wait(min(wait, Self.waitMax)) }
    guard underWay.count < settings.callsAtOnce else { return .wait(Self.waitMax) }
    if heldUntil > now { return .wait(min(heldUntil - now, Self.waitMax)) }
    let instant = UInt64(max(now.microseconds, 0))
    guard pace.consume(at: instant) else {
      return .wait(min(.microseconds(Int64(pace.wait(at: instant))), Self.waitMax))
    }
    _ = waiting.popFirst()
    underWay.insert(first.position)
    return .call(first)
  }

  /// The call of a number is over, whatever became of it.
  package mutating func ended(_ position: Int) { underWay.remove(position) }

  /// A number could not be claimed or placed, and nobody dialed it: it is called after the others, and no call begins before `wait` is over.
  package mutating func postponed(_ number: CampaignNumber, for wait: CallDuration, at now: Timestamp) {
    underWay.remove(number.position)
    waiting.append(number)
    heldUntil = max(heldUntil, now + wait)
  }
}
