public import CallCore

/// A call that Twilio is asked to place over its REST API (https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource).
public struct TwilioCallRequest: Sendable, Equatable {
  /// Number to be called, E.164.
  public var to: String
  /// Number of the account that is shown to the called, E.164.
  public var from: String
  /// What is done with the call once somebody has taken it.
  public var twiML: TwiML
  /// Where the provider tells how the call goes on, `https:`; `nil`: nowhere.
  public var statusURL: String?
  /// How long it rings, in seconds; Twilio takes 1 … 600 (`Timeout`).
  public var ringSeconds: Int
  /// When the provider hangs up by itself, in seconds after the answer (`TimeLimit`), so that no call outlives this process.
  public var limitSeconds: Int

  /// What the provider is to tell of, besides the end.
  static let events = ["initiated", "ringing", "answered", "completed"]

  /// A call with everything but the exceptions.
  public init(to: String, from: String, twiML: TwiML, statusURL: String?, ringSeconds: Int, limitSeconds: Int) {
    (self.to, self.from, self.twiML, self.statusURL) = (to, from, twiML, statusURL)
    (self.ringSeconds, self.limitSeconds) = (ringSeconds, limitSeconds)
  }

  /// Names and values in the order in which they are sent.
  public var fields: [(name: String, value: String)] {
    var fields = [
      (name: "To", value: to), (name: "From", value: from), (name: "Twiml", value: twiML.text),
      (name: "Timeout", value: "\(ringSeconds)"), (name: "TimeLimit", value: "\(limitSeconds)"),
    ]
    if let statusURL {
      fields += [(name: "StatusCallback", value: statusURL), (name: "StatusCallbackMethod", value: "POST")]
      fields += Self.events.map { (name: "StatusCallbackEvent", value: $0) }
    }
    return fields
  }

  /// `application/x-www-form-urlencoded`.
  public var form: [UInt8] { TwilioRest.form(fields) }
}

/// Paths and bodies of Twilio's REST API of 2010-04-01.
public enum TwilioRest {
  /// Where it is, unless a double stands in for it.
  public static let baseURL = "https://api.twilio.com"
  /// Largest answer that is read; a call's has about 1.5 KB.
  public static let answerBytesMax = 65_536

  /// Where calls of an account are created.
  /// - Parameter base: scheme and host, perhaps with a path.
  public static func callsURL(_ base: String, account: String) -> String {
    (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/2010-04-01/Accounts/\(account.queryEncoded)/Calls.json"
  }

  /// Where one call is asked for and changed.
  public static func callURL(_ base: String, account: String, call: String) -> String {
    String(callsURL(base, account: account).dropLast(".json".count)) + "/\(call.queryEncoded).json"
  }

  /// Ends a call, whether it rings or goes on.
  public static let hangUpForm = form([(name: "Status", value: "completed")])

  /// What a call is not there any more for: it is over (https://www.twilio.com/docs/api/errors/20404).
  public static let notFound = 20404

  static func form(_ fields: [(name: String, value: String)]) -> [UInt8] {
    Array(fields.map { "\($0.name.queryEncoded)=\($0.value.queryEncoded)" }.joined(separator: "&").utf8)
  }

  /// The one item of an address's query, with what stands between it and the path.
  public static func queryItem(_ name: String, _ value: String) -> String {
    "?\(name.queryEncoded)=\(value.queryEncoded)"
  }
}

extension PhoneCallRecord.Status {
  /// Reads Twilio's word; `answered` is the name of an event for a call that is in progress.
  public init?(word: String) {
    guard let status = word == "answered" ? .inProgress : Self(rawValue: word) else { return nil }
    self = status
  }
}
