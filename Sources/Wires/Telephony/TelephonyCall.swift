public import CallCore

/// A call that a provider connects to a bot, as far as the bot is told.
public struct TelephonyCall: Sendable, Equatable {
  /// What the ids of call and stream are made of; another one for each call.
  public var number: UInt64
  /// Who calls.
  public var from = "+15550100"
  /// Who is called.
  public var to = "+15550101"
  /// What the bot is told besides, by name. Plivo has no place for it.
  public var parameters: [String: String]
  /// How audio travels; `nil`: as is usual with the provider. One of `CallWire.streamFormats`.
  public var format: AudioFormat?
  /// The time of day at which it begins, for Plivo.
  public var startedAtUnixMilliseconds = 0

  /// - Parameter parameters: at most `WireLimits.metadataEntriesMax`.
  public init(number: UInt64, parameters: [String: String] = [:]) {
    (self.number, self.parameters) = (number, parameters)
  }

  /// What Twilio posts to a web server when a call comes in: as a form, and as the text that is signed behind the address.
  public var voiceForm: (body: String, signed: String) {
    let fields = [
      ("AccountSid", id("AC", 3)), ("ApiVersion", "2010-04-01"), ("CallSid", id("CA", 2)), ("CallStatus", "ringing"),
      ("Called", to), ("Caller", from), ("Direction", "inbound"), ("From", from), ("To", to),
    ]
    return (
      fields.map { "\($0.0)=\($0.1.queryEncoded)" }.joined(separator: "&"), fields.map { $0.0 + $0.1 }.joined()
    )
  }

  /// An id as Twilio writes it: two letters and 32 hexadecimal digits.
  func id(_ letters: String, _ salt: UInt64) -> String {
    let digits = String(number, radix: 16)
    return letters + String(repeating: "0", count: 15) + String(salt, radix: 16)
      + String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension CallWire {
  /// How audio may travel with a telephone provider, the usual way first; empty for the others, on which each call says.
  public var streamFormats: [AudioFormat] { TelephonyDialect(self)?.streamFormats ?? [] }

  /// Where a bot is called: parameters for which a stream's start has no place stand in the query of its address.
  public func streamURL(_ url: String, _ parameters: [String: String]) -> String {
    guard let dialect = TelephonyDialect(self), dialect.parametersKey == nil, !dialect.isBinary, !parameters.isEmpty
    else { return url }
    let query = parameters.sorted { $0.key < $1.key }.map { "\($0.key.queryEncoded)=\($0.value.queryEncoded)" }
    return url + (url.contains("?") ? "&" : "?") + query.joined(separator: "&")
  }
}
