/// What a key has of its own over REST: accounts at telephone providers, numbers, campaigns, calls, and flows of nodes, which calls run by.
public protocol TelephonyResource: Sendable, Equatable {
  /// By which it is found; given by the server.
  var id: String { get }
  /// Id of the API key that it belongs to; empty where the server has none.
  var owner: String { get }
  /// What no other of its kind on the server may have; `nil`: nothing.
  var uniqueText: String? { get }
  /// What it is listed by besides its owner, such as the account that a number is of; `nil`: nothing.
  var groupText: String? { get }
  /// Whether it tells something of whoever has this number.
  func concerns(_ number: String) -> Bool
}

extension TelephonyResource {
  /// Nothing of it is the only one of its kind.
  public var uniqueText: String? { nil }
  /// It is listed by its owner alone.
  public var groupText: String? { nil }
  /// It is the key's own.
  public func concerns(_ number: String) -> Bool { false }
}
