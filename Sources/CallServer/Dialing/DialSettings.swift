import Wires

/// What calls that are placed from here need and are bounded by.
public struct DialSettings: Sendable {
  /// The account that places them; `nil`: none is placed.
  public var account: TwilioAccount?
  /// Where Twilio's REST API is for accounts that keys have added.
  public var baseURL = TwilioRest.baseURL
  /// Which numbers may be called; nobody's unless named.
  public var rules = DialRules()
  /// How many, and how long.
  public var limits = DialLimits()
  /// Shown to the called where a request names no number; `nil`: each has to.
  public var from: String?

  /// Nothing is dialed.
  public init() {}
}
