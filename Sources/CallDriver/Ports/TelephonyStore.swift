public import CallCore

/// Accounts at telephone providers, or numbers. Blocking and safe to call from several threads; loops never call it.
public protocol TelephonyResourceStore<Resource>: AnyObject, Sendable {
  associatedtype Resource: TelephonyResource

  /// Those of a key, in the order in which they were added.
  /// - Parameter owner: id of the key; `nil`: those of everybody.
  func all(of owner: String?) throws(StoreError) -> [Resource]

  /// One, whoever it belongs to.
  func one(id: String) throws(StoreError) -> Resource?

  /// The one with this text of its own; see `TelephonyResource.uniqueText`.
  func one(unique text: String) throws(StoreError) -> Resource?

  /// Adds one.
  /// - Returns: `.done`, `.taken` where another one has its id or its unique text, or `.full`.
  func add(_ resource: Resource) throws(StoreError) -> TelephonyChange

  /// Changes one as it is now. Two changes of one never lose each other.
  /// - Parameter change: changes neither id, owner nor unique text; returns false to leave it as it is.
  /// - Returns: `.done`, `.missing`, or `.unchanged` when `change` wanted nothing.
  func update(id: String, _ change: (inout Resource) -> Bool) throws(StoreError) -> TelephonyChange

  /// Takes one away.
  /// - Returns: `.done` or `.missing`.
  func remove(id: String) throws(StoreError) -> TelephonyChange

  /// How full the store is.
  var usage: StoreUsage { get }
}

/// What became of a change to what is kept for telephone calls.
public enum TelephonyChange: Sendable, Equatable {
  /// It is as was asked for.
  case done
  /// Nothing changed: there is one of this id or unique text already.
  case taken
  /// Nothing changed: there is none.
  case missing
  /// Nothing changed: nothing was to be changed.
  case unchanged
  /// Nothing changed: the key, or all keys together, have as many as they may.
  case full
}

/// How many of a kind are kept. Full is full: nobody's makes room for another.
public struct TelephonyLimits: Sendable, Equatable {
  /// Of all keys together.
  public var entriesMax: Int
  /// Of one key, so that one does not take the room of all.
  public var perOwnerMax: Int

  package init(entriesMax: Int, perOwnerMax: Int) {
    self.entriesMax = entriesMax
    self.perOwnerMax = perOwnerMax
  }

  /// Accounts at providers: nobody keeps more apart.
  public static let providers = TelephonyLimits(entriesMax: 1000, perOwnerMax: 100)
  /// Telephone numbers: what one account at a provider has unless it asks for more.
  public static let numbers = TelephonyLimits(entriesMax: 10_000, perOwnerMax: 1000)
}
