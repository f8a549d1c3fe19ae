package import CallCore

/// What whoever dialed is told while a call goes on.
package enum DialProgress: Sendable, Equatable {
  /// The provider has taken the request, and this is its name for the call.
  case created(providerCallID: String)
  /// The telephone rings.
  case ringing
  /// Somebody has taken the call.
  case answered
  /// The provider has connected it to our media stream.
  case connected
  /// The call could not be hung up by REST; the provider ends it by its own time limit.
  case notHungUp(why: String)
}

/// What came of a call that was dialed.
package enum DialOutcome: Sendable, Equatable {
  /// It was taken, held and ended.
  case completed
  /// Nobody took it: busy, no answer, failed, or called off.
  case notTaken(PhoneCallRecord.Status)
  /// It rang longer than it may, and the provider said nothing of its end.
  case neverConnected(within: CallDuration)
  /// It was taken, and the provider did not connect it to our media stream; `nil`: the call was over before.
  case noStream(within: CallDuration?)
  /// The provider did not place it, for the reason that it gave.
  case refused(String)
  /// The provider was not asked, or takes no more requests now: nobody was rung, and asked for later it may be placed. `after`: when the provider
  /// wants to be asked again, if it said.
  case notPlaced(String, after: CallDuration?)
  /// It was ended from here.
  case stopped(why: String)
  /// It lasted longer than it may, and the provider had not ended it.
  case overdue(after: CallDuration)
}

extension DialOutcome: CustomStringConvertible {
  /// One sentence for people, without full stop.
  package var description: String {
    switch self {
    case .completed: "the call was held"
    case .notTaken(.busy): "the line is busy"
    case .notTaken(.noAnswer): "nobody answered"
    case .notTaken(.canceled): "the call was canceled before anybody answered"
    case .notTaken(let status): "the provider could not connect the call (\(status.rawValue))"
    case .neverConnected(let time): "the call was not connected within \(time.wholeSeconds) s"
    case .noStream(let time?):
      "the call was answered, and no media stream came within \(time.wholeSeconds) s; \(Self.advice)"
    case .noStream(nil): "the call ended before the provider connected its media stream; \(Self.advice)"
    case .refused(let why), .notPlaced(let why, _): why
    case .stopped(let why): why
    case .overdue(let time): "the call had not ended \(time.wholeSeconds) s after it began"
    }
  }

  private static let advice =
    "the provider must reach VOICEFORGE_PUBLIC_URL over wss with a certificate that it trusts"
}

extension CallDuration {
  fileprivate var wholeSeconds: Int { milliseconds / 1000 }
}
