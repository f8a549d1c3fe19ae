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

  /// What is missing before anything can be dialed; `nil`: nothing.
  /// - Parameters:
  ///   - publicURL: by which the provider reaches this server; `nil`: it is not known.
  ///   - hasAccount: whether there is an account, here or with whoever asks.
  package func missing(publicURL: String?, hasAccount: Bool) -> String? {
    var missing: [String] = []
    if !hasAccount { missing += ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"] }
    if publicURL == nil { missing.append("VOICEFORGE_PUBLIC_URL") }
    if !rules.isOn { missing.append("VOICEFORGE_DIAL_ALLOW") }
    guard !missing.isEmpty else { return nil }
    return "telephone calls are off: no call was placed; set \(missing.joined(separator: ", ")) and start again"
  }

  /// The numbers of a call, if it may be placed. Nothing has to be loaded to ask this.
  /// - Parameters:
  ///   - to: number to be called, E.164.
  ///   - from: number that is shown; `nil`: that of the settings.
  ///   - publicURL: as that of `missing`.
  /// - Throws: what is missing, wrong or forbidden, for people.
  package func numbers(
    to: String, from: String?, publicURL: String?
  ) throws(PhoneCallFault) -> (to: PhoneNumber, from: PhoneNumber) {
    let called = try Self.number(to)
    if let missing = missing(publicURL: publicURL, hasAccount: account != nil) { throw PhoneCallFault(text: missing) }
    if let refusal = rules.refusal(of: called) { throw PhoneCallFault(text: refusal) }
    guard let from = from ?? self.from else {
      throw PhoneCallFault(text: "a number of the account is needed: give --from, or set TWILIO_FROM_NUMBER")
    }
    return (called, try Self.number(from))
  }

  private static func number(_ text: String) throws(PhoneCallFault) -> PhoneNumber {
    do throws(PhoneNumber.Fault) { return try PhoneNumber(text) } catch { throw PhoneCallFault(text: error.text) }
  }
}

/// Why no telephone call begins.
package struct PhoneCallFault: Error, Sendable, Equatable {
  /// For people.
  package let text: String
}
