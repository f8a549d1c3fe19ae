/// A telephone call that a key placed, or that came to one of its numbers.
public struct PhoneCallRecord: Sendable, Equatable {
  /// How far a call is; Twilio's words, which the predecessor uses too.
  public enum Status: String, CaseIterable, Sendable {
    /// It is to be placed, or the provider has not dialed yet.
    case queued
    /// It is being dialed.
    case initiated
    /// The telephone rings.
    case ringing
    /// Somebody has taken it.
    case inProgress = "in-progress"
    /// It was taken, and is over.
    case completed
    /// The line was busy.
    case busy
    /// It could not be connected.
    case failed
    /// Nobody took it.
    case noAnswer = "no-answer"
    /// It was called off before anybody took it.
    case canceled

    /// Whether nothing follows.
    public var isFinal: Bool { rank == 4 }

    /// A later one has a greater rank; what arrives late takes nothing back.
    package var rank: Int {
      switch self {
      case .queued: 0
      case .initiated: 1
      case .ringing: 2
      case .inProgress: 3
      case .completed, .busy, .failed, .noAnswer, .canceled: 4
      }
    }
  }

  /// Who called, in the predecessor's words. Calls that are placed from here are outbound; those that come are in the history alone, so inbound
  /// ones come from archives.
  public enum Direction: String, CaseIterable, Sendable {
    case inbound, outbound
  }

  /// By which it is found; given by the server.
  public var id: String
  /// Id of the API key that it belongs to; empty where the server has none.
  public var owner: String
  /// Id of the account at the provider.
  public var providerID: String
  /// Id of the campaign that placed it; `nil`: none did.
  public var campaignID: String?
  /// Id of the key's own number in it; `nil`: that has no row.
  public var numberID: String?
  /// Name of the flow that speaks; `nil`: the server's own.
  public var flow: String?
  /// The provider's id of it; `nil` until it gave one.
  public var providerCallID: String?
  /// Who called.
  public var direction: Direction
  /// The calling number.
  public var from: String
  /// The called number.
  public var to: String
  /// How far it is.
  public var status: Status
  /// Why it failed, for people; `nil`: it did not, or nobody knows.
  public var reason: String?
  /// How long it was, as the provider says; `nil`: it is not over, or never began.
  public var duration: CallDuration?
  /// Id of the call in the history, where its words and its recording are; `nil`: no audio came.
  public var sessionID: String?
  /// An object in JSON, as it was given.
  public var metadata = "{}"
  /// When somebody answered, microseconds since 1970 UTC; `nil`: nobody did.
  public var startedAtUnixMicroseconds: Int64?
  /// When it was over, microseconds since 1970 UTC; `nil`: it is not.
  public var endedAtUnixMicroseconds: Int64?
  /// Microseconds since 1970 UTC.
  public var createdAtUnixMicroseconds: Int64

  /// Bytes of `metadata`.
  public static let metadataBytesMax = 4096

  package init(
    id: String, owner: String, providerID: String, direction: Direction, from: String, to: String,
    createdAtUnixMicroseconds: Int64
  ) {
    self.id = id
    self.owner = owner
    self.providerID = providerID
    self.direction = direction
    self.from = from
    self.to = to
    status = .queued
    self.createdAtUnixMicroseconds = createdAtUnixMicroseconds
  }

  /// Takes in what the provider said of it. What is over stays as it was, and what comes late takes nothing back.
  /// - Parameters:
  ///   - instant: when it was said, microseconds since 1970 UTC.
  ///   - duration: as the provider says; `nil`: it did not.
  /// - Returns: whether anything changed.
  package mutating func advance(
    to status: Status, at instant: Int64, duration: CallDuration? = nil, reason: String? = nil
  ) -> Bool {
    guard status.rank > self.status.rank else { return false }
    self.status = status
    if status == .inProgress { startedAtUnixMicroseconds = startedAtUnixMicroseconds ?? instant }
    guard status.isFinal else { return true }
    endedAtUnixMicroseconds = instant
    self.duration = duration ?? self.duration
    self.reason = reason
    return true
  }
}

extension PhoneCallRecord: TelephonyResource {
  /// The provider's id of it.
  public var uniqueText: String? { providerCallID }
  /// The campaign.
  public var groupText: String? { campaignID }
  /// Whether it was with this number.
  public func concerns(_ number: String) -> Bool { from == number || to == number }
}
