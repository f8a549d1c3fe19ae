public import CallCore

/// Campaigns, and what became of each number on their lists. Blocking and safe to call from several threads; loops never call it.
///
/// Of several servers with one store, one runs a campaign: the one that holds its lease. A number is claimed before it is dialed, which
/// happens once, whatever becomes of the server that did.
public protocol CampaignStore: AnyObject, Sendable {
  /// The campaigns themselves. `add` here would make one without numbers.
  var campaigns: any TelephonyResourceStore<Campaign> { get }

  /// Adds a campaign with its list.
  /// - Parameter numbers: at most `Campaign.numbersMax`.
  /// - Returns: `.done`, `.taken` or `.full`.
  func add(_ campaign: Campaign, numbers: [String]) throws(StoreError) -> TelephonyChange

  /// Its list, in its order; empty where there is no such campaign.
  func numbers(of id: String) throws(StoreError) -> [CampaignNumber]

  /// How many numbers of a key's campaigns came to what, by the campaign's id.
  /// - Parameter owner: id of the key; `nil`: of all.
  func counts(of owner: String?) throws(StoreError) -> [String: CampaignCounts]

  /// Campaigns of all keys that run, or are to start by themselves.
  func unfinished() throws(StoreError) -> [Campaign]

  /// Takes or keeps the right to run a campaign.
  /// - Parameters:
  ///   - runner: this run of this server.
  ///   - time: for how long, by the store's clock.
  /// - Returns: false where another one has it.
  func lease(_ id: String, to runner: String, for time: CallDuration) throws(StoreError) -> Bool

  /// Takes on a number that waits, for one call. Asked again with the same call it says the same.
  /// - Returns: false where the campaign does not run any more, `runner` has no lease, or the number does not wait.
  func claim(_ position: Int, of id: String, for callID: String, by runner: String) throws(StoreError) -> Bool

  /// Says what became of a number; the first word counts.
  /// - Parameters:
  ///   - state: `.succeeded` or `.failed`.
  ///   - old: what it must be now: `.claimed`, or `.waiting` for one that is passed over.
  /// - Returns: whether it was `old`.
  func settle(
    _ position: Int, of id: String, from old: CampaignNumber.State, as state: CampaignNumber.State, reason: String?
  ) throws(StoreError) -> Bool

  /// The same, by the call that a number was claimed for.
  func settle(
    callID: String, of id: String, as state: CampaignNumber.State, reason: String?
  ) throws(StoreError) -> Int?

  /// Lets a number wait again whose call was surely not placed. One that was taken out meanwhile fails with `reason`.
  /// - Returns: whether it was claimed for this call.
  func unclaim(callID: String, of id: String, reason: String) throws(StoreError) -> Bool

  /// Takes a number out of all lists: it is replaced by an empty text, and fails where it waits.
  /// - Returns: in how many places it stood.
  func erase(_ number: String, reason: String) throws(StoreError) -> Int
}
