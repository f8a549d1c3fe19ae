public import CallCore
public import JSON

/// Telephone numbers as databases keep them: JSON without loss.
public enum TelephonyNumberArchive {
  /// The whole row.
  public static func json(of number: TelephonyNumber) -> [UInt8] { number.archive }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func number(from json: [UInt8]) throws(WireFault) -> TelephonyNumber {
    try TelephonyNumber(archive: json, place: "number")
  }
}

/// Telephone calls that keys placed or got, as databases keep them: JSON without loss.
public enum PhoneCallArchive {
  /// The whole call.
  public static func json(of call: PhoneCallRecord) -> [UInt8] { call.archive }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func call(from json: [UInt8]) throws(WireFault) -> PhoneCallRecord {
    try PhoneCallRecord(archive: json, place: "call")
  }
}

/// Campaigns as databases keep them, without the numbers on their lists: JSON without loss.
public enum CampaignArchive {
  /// The campaign.
  public static func json(of campaign: Campaign) -> [UInt8] { campaign.archive }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func campaign(from json: [UInt8]) throws(WireFault) -> Campaign {
    try Campaign(archive: json, place: "campaign")
  }
}

extension TelephonyNumber: Archived {
  static let blank = TelephonyNumber(id: "", owner: "", providerID: "", number: "", createdAtUnixMicroseconds: 0)
  static var members: [ArchiveMember<TelephonyNumber>] {
    [
      .text("id", \.id), .text("owner", \.owner), .text("providerId", \.providerID), .text("number", \.number),
      .text("friendlyName", \.friendlyName), .text("country", \.country), .flag("voice", \.capabilities.voice),
      .flag("sms", \.capabilities.sms), .flag("mms", \.capabilities.mms), .text("flow", \.flow),
      .flag("active", \.isActive), .instant("createdAtUs", \.createdAtUnixMicroseconds),
      .instant("updatedAtUs", \.updatedAtUnixMicroseconds),
    ]
  }
}

extension PhoneCallRecord: Archived {
  static let blank = PhoneCallRecord(
    id: "", owner: "", providerID: "", direction: .outbound, from: "", to: "", createdAtUnixMicroseconds: 0)
  static var members: [ArchiveMember<PhoneCallRecord>] {
    [
      .text("id", \.id), .text("owner", \.owner), .text("providerId", \.providerID),
      .text("campaignId", \.campaignID), .text("numberId", \.numberID), .text("flow", \.flow),
      .text("providerCallId", \.providerCallID), .choice("direction", \.direction, of: Direction.allCases),
      .text("from", \.from), .text("to", \.to), .choice("status", \.status, of: Status.allCases),
      .text("reason", \.reason), .span("durationUs", ifAny: \.duration), .text("sessionId", \.sessionID),
      .text("metadata", \.metadata), .instant("startedAtUs", ifAny: \.startedAtUnixMicroseconds),
      .instant("endedAtUs", ifAny: \.endedAtUnixMicroseconds), .instant("createdAtUs", \.createdAtUnixMicroseconds),
    ]
  }
}

extension Campaign: Archived {
  static let blank = Campaign(id: "", owner: "", name: "", providerID: "", from: "", createdAtUnixMicroseconds: 0)
  static var members: [ArchiveMember<Campaign>] {
    [
      .text("id", \.id), .text("owner", \.owner), .text("name", \.name), .text("description", \.description),
      .text("providerId", \.providerID), .text("from", \.from), .text("flow", \.flow),
      .choice("status", \.status, of: Status.allCases), .text("reason", \.reason),
      .instant("scheduledAtUs", ifAny: \.scheduledAtUnixMicroseconds),
      .number("callsPerMinute", \.callsPerMinute, from: 1), .number("callsAtOnce", \.callsAtOnce, from: 1),
      .days("days", \.hours.days), .number("startMinute", \.hours.start, from: 0),
      .number("endMinute", \.hours.end, from: 0), .number("utcOffsetMinutes", \.hours.utcOffsetMinutes),
      .texts("doNotCall", \.doNotCall), .instant("startedAtUs", ifAny: \.startedAtUnixMicroseconds),
      .instant("endedAtUs", ifAny: \.endedAtUnixMicroseconds), .instant("createdAtUs", \.createdAtUnixMicroseconds),
      .instant("updatedAtUs", \.updatedAtUnixMicroseconds),
    ]
  }
}

extension ArchiveMember {
  /// Days of the week as their digits; all of them where there are none.
  fileprivate static func days(_ name: String, _ path: WritableKeyPath<Root, Set<Int>>) -> Self {
    Self(path) {
      $0.field(name, $1.sorted().map { "\($0)" }.joined())
    } read: { fields, blank throws(WireFault) in
      guard let digits = try fields.optionalText(name, 1...7) else { return blank }
      return Set(digits.compactMap(\.wholeNumberValue)).intersection(1...7)
    }
  }
}
