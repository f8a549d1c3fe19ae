/// A list of numbers that are called, each once, at a pace and in the hours in which people may be called.
public struct Campaign: Sendable, Equatable {
  /// What becomes of it. The raw values stand in REST and in databases.
  public enum Status: String, CaseIterable, Sendable {
    /// It waits for somebody to start it.
    case draft
    /// It starts by itself at `scheduledAtUnixMicroseconds`.
    case scheduled
    case running
    /// No further number is called until somebody resumes it; calls that go on go on.
    case paused
    /// Every number was called, or will never be.
    case completed
    /// The provider refuses the account; says why in `reason`.
    case failed

    /// Whether nothing follows.
    public var isFinal: Bool { self == .completed || self == .failed }
  }

  /// By which it is found; given by the server.
  public var id: String
  /// Id of the API key that it belongs to; empty where the server has none.
  public var owner: String
  /// What people call it, 1 … `nameMax` characters.
  public var name: String
  /// What it is about, at most `descriptionMax` characters.
  public var description = ""
  /// Id of the account at the provider.
  public var providerID: String
  /// The number that calls. The provider takes those of the account alone.
  public var from: String
  /// Name of the flow that speaks; `nil`: the server's own.
  public var flow: String?
  /// What becomes of it.
  public var status: Status
  /// Why it failed, for people.
  public var reason: String?
  /// When it starts by itself, microseconds since 1970 UTC; `nil`: it does not.
  public var scheduledAtUnixMicroseconds: Int64?
  /// Calls that begin in a minute, 1 … `callsPerMinuteMax`.
  public var callsPerMinute = 6
  /// Calls at once, 1 … `callsAtOnceMax`.
  public var callsAtOnce = 1
  /// When people may be called.
  public var hours = CallingHours.always
  /// Numbers that are never called, whatever the list says; at most `numbersMax`.
  public var doNotCall: [String] = []
  /// When it began, microseconds since 1970 UTC.
  public var startedAtUnixMicroseconds: Int64?
  /// When it was over, microseconds since 1970 UTC.
  public var endedAtUnixMicroseconds: Int64?
  /// Microseconds since 1970 UTC.
  public var createdAtUnixMicroseconds: Int64
  /// When it was last changed, microseconds since 1970 UTC.
  public var updatedAtUnixMicroseconds: Int64

  /// Characters of a name.
  public static let nameMax = 100
  /// Characters of a description.
  public static let descriptionMax = 1000
  /// Numbers on its list: at a call a second, three hours.
  public static let numbersMax = 10_000
  /// Ten a second: a provider lets an account begin one, unless it asks for more.
  public static let callsPerMinuteMax = 600
  /// More than anybody should ring at once.
  public static let callsAtOnceMax = 50

  package init(
    id: String, owner: String, name: String, providerID: String, from: String, createdAtUnixMicroseconds: Int64
  ) {
    self.id = id
    self.owner = owner
    self.name = name
    self.providerID = providerID
    self.from = from
    status = .draft
    self.createdAtUnixMicroseconds = createdAtUnixMicroseconds
    updatedAtUnixMicroseconds = createdAtUnixMicroseconds
  }
}

extension Campaign: TelephonyResource {
  /// The account.
  public var groupText: String? { providerID }
}

/// A number on a campaign's list, and what became of it.
public struct CampaignNumber: Sendable, Equatable {
  /// What becomes of it. The raw values stand in databases.
  public enum State: String, CaseIterable, Sendable {
    /// It was not called.
    case waiting
    /// Some server took it on and calls it, or died while it did. It is never taken on again, unless it is known that nobody was rung.
    case claimed
    /// Somebody answered.
    case succeeded
    /// Nobody did, or it may not be called; `reason` says why.
    case failed

    /// Whether nothing follows.
    public var isFinal: Bool { self == .succeeded || self == .failed }
  }

  /// Its place on the list, from 0.
  public var position: Int
  /// As E.164 has it; empty when the caller's data was deleted.
  public var number: String
  /// What became of it.
  public var state = State.waiting
  /// Id of the `PhoneCallRecord`; `nil` as long as it waits.
  public var callID: String?
  /// Why it failed, for people.
  public var reason: String?

  /// Why one fails whose caller's data was deleted.
  package static let erased = "what was kept of this number was deleted"

  package init(position: Int, number: String) { (self.position, self.number) = (position, number) }
}

/// How many of a campaign's numbers came to what.
public struct CampaignCounts: Sendable, Equatable {
  /// On the list.
  public var total = 0
  /// Of which nothing more is to come.
  public var completed = 0
  /// That somebody answered.
  public var successful = 0
  /// That nobody answered, or that may not be called.
  public var failed = 0

  package init() {}

  /// Counts numbers of one state.
  package mutating func add(_ count: Int, _ state: CampaignNumber.State) {
    total += count
    if state.isFinal { completed += count }
    if state == .succeeded { successful += count }
    if state == .failed { failed += count }
  }
}
