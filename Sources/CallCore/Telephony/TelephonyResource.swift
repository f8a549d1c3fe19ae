/// What a key makes for its telephone calls over REST and what stays until somebody removes it: accounts at providers, numbers.
public protocol TelephonyResource: Sendable, Equatable {
  /// By which it is found; given by the server.
  var id: String { get }
  /// Id of the API key that it belongs to; empty where the server has none.
  var owner: String { get }
  /// What no other of its kind on the server may have; `nil`: nothing.
  var uniqueText: String? { get }
}
