public import CallCore

/// Accounts at telephone providers, numbers, campaigns, calls, or flows of nodes. Blocking and safe to call from several threads; loops never call it.
public protocol TelephonyResourceStore<Resource>: AnyObject, Sendable {
  associatedtype Resource: TelephonyResource

  /// Those of a key, in the order in which they were added.
  /// - Parameter owner: id of the key; `nil`: those of everybody.
  func all(of owner: String?) throws(StoreError) -> [Resource]

  /// Some of those of a key, the newest first.
  /// - Parameters:
  ///   - group: only those of this group; see `TelephonyResource.groupText`.
  ///   - limit: 1 … 1000.
  ///   - id: only those that were added before this one; none where that is not there.
  func newest(of owner: String, in group: String?, limit: Int, before id: String?) throws(StoreError) -> [Resource]

  /// One, whoever it belongs to.
  func one(id: String) throws(StoreError) -> Resource?

  /// Adds one.
  /// - Returns: `.done`, `.taken` where another one has its id or its unique text (`TelephonyResource.uniqueText`), or `.full`.
  func add(_ resource: Resource) throws(StoreError) -> TelephonyChange

  /// Changes one as it is now. Two changes of one never lose each other.
  /// - Parameter change: changes neither id nor owner; returns false to leave it as it is.
  /// - Returns: `.done`, `.missing`, `.taken` where another one has its new unique text, or `.unchanged` when `change` wanted nothing.
  func update(id: String, _ change: (inout Resource) -> Bool) throws(StoreError) -> TelephonyChange

  /// Takes one away.
  /// - Returns: `.done` or `.missing`.
  func remove(id: String) throws(StoreError) -> TelephonyChange

  /// Takes everything away that concerns a number; see `TelephonyResource.concerns`.
  /// - Returns: how many.
  func removeAll(about number: String) throws(StoreError) -> Int

  /// Another number after every change, whoever made it. Quicker than `all`.
  func revision() throws(StoreError) -> Int

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

/// How many of a kind are kept.
public struct TelephonyLimits: Sendable, Equatable {
  /// What happens when there is no room.
  public enum Overflow: Sendable, Equatable {
    /// Full is full: nobody's makes room for another.
    case refuse
    /// The oldest of all keys makes room, and is counted.
    case evictOldest
  }

  /// Of all keys together.
  public var entriesMax: Int
  /// Of one key, so that one does not take the room of all.
  public var perOwnerMax: Int
  /// What happens when there is no room.
  public var overflow = Overflow.refuse

  package init(entriesMax: Int, perOwnerMax: Int = .max, overflow: Overflow = .refuse) {
    self.entriesMax = entriesMax
    self.perOwnerMax = perOwnerMax
    self.overflow = overflow
  }

  /// Accounts at providers: nobody keeps more apart.
  public static let providers = TelephonyLimits(entriesMax: 1000, perOwnerMax: 100)
  /// Telephone numbers: what one account at a provider has unless it asks for more.
  public static let numbers = TelephonyLimits(entriesMax: 10_000, perOwnerMax: 1000)
  /// Campaigns, each with a list of at most `Campaign.numbersMax`.
  public static let campaigns = TelephonyLimits(entriesMax: 200, perOwnerMax: 50)
  /// Flows of nodes. All of them, some hundred kilobytes each at most, are read when one changes.
  public static let nodeFlows = TelephonyLimits(entriesMax: 200, perOwnerMax: 50)
  /// Calls in memory.
  public static let calls = TelephonyLimits(entriesMax: 20_000, overflow: .evictOldest)
}
