/// A call that is to be dialed.
package struct DialOrder: Sendable {
  /// Our own name for it, no other call's; it comes back with what the provider tells of it. 1 … 100 letters, digits, `-`, `.` and `_`.
  package var id: String
  /// Number to be called.
  package var to: PhoneNumber
  /// Number that is shown to the called.
  package var from: PhoneNumber
  /// Id of the key that asks for it; empty where there are no keys.
  package var key: String
  /// The account that places it; `nil`: the one of the settings.
  package var account: TwilioAccount?
  /// Path at which the provider tells how it goes on; `nil`: the webhook for all.
  package var statusPath: String?
  /// Times that it keeps to.
  package var limits: OutboundCall.Limits

  /// - Parameter limits: `DialService.limits` with the call's own longest time.
  package init(id: String, to: PhoneNumber, from: PhoneNumber, key: String, limits: OutboundCall.Limits) {
    (self.id, self.to, self.from, self.key) = (id, to, from, key)
    self.limits = limits
  }
}

/// Why a call is not dialed. Nothing was asked of a provider then.
package enum DialRefusal: Error, Sendable, Equatable {
  /// The server lacks settings that dialing needs.
  case notSetUp(String)
  /// The number is one that is not dialed.
  case forbidden(String)
  /// Dialing was stopped, or the server is going down.
  case stopped(String)
  /// As many calls are under way as may be.
  case busy(limit: Int)
  /// The key has used up its calls.
  case rate(String, retryAfterSeconds: Int)
  /// There is a call of that id already.
  case taken(String)
}

/// What whoever dialed is told.
package enum DialEvent: Sendable, Equatable {
  /// How the call goes on.
  case progress(DialProgress)
  /// It is over; the last one, and comes once.
  case ended(DialOutcome)
}
