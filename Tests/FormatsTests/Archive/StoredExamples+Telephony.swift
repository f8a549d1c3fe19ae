import CallCore
import Formats

/// What keys have for their telephone calls.
extension StoredExamples {
  private static let started: Int64 = 1_763_696_700_123_456

  /// One of each kind; the first has something in every member.
  static let providers: [TelephonyProvider] = TelephonyProvider.Kind.allCases.map { kind in
    var provider = TelephonyProvider(
      id: "p-\(kind)", owner: "0123456789ab", kind: kind, name: "Ma\u{EF}n \"1\"", createdAtUnixMicroseconds: started)
    guard kind == .twilio else { return provider }
    provider.credentials = SealedSecret(keyID: "00ff00ff00ff00ff", nonce: Array(0..<12), sealed: [0, 127, 255])
    provider.configuration = #"{"region":"ie1"}"#
    provider.isActive = false
    provider.updatedAtUnixMicroseconds = started + 1
    return provider
  }

  /// Without the members that have defaults.
  static let oldProvider = TelephonyProvider(
    id: "p-1", owner: "", kind: .custom, name: "old", createdAtUnixMicroseconds: 0)

  static let telephonyNumber: TelephonyNumber = {
    var number = TelephonyNumber(
      id: "n-1", owner: "0123456789ab", providerID: "p-1", number: "+15550100", createdAtUnixMicroseconds: started)
    number.friendlyName = "Desk \"1\""
    number.country = "US"
    number.capabilities = .init(voice: false, sms: true, mms: true)
    number.flow = "clinic"
    number.isActive = false
    number.updatedAtUnixMicroseconds = started + 1
    return number
  }()

  static let oldTelephonyNumber = TelephonyNumber(
    id: "n-1", owner: "", providerID: "p-1", number: "+15550100", createdAtUnixMicroseconds: 0)

  /// One of each status and direction; the first has something in every member.
  static let phoneCalls: [PhoneCallRecord] = PhoneCallRecord.Status.allCases.enumerated().map { index, status in
    var call = PhoneCallRecord(
      id: "c-\(status)", owner: "0123456789ab", providerID: "p-1", direction: index == 0 ? .inbound : .outbound,
      from: "+15550100", to: "+15550199", createdAtUnixMicroseconds: started)
    call.status = status
    guard index == 0 else { return call }
    call.campaignID = "k-1"
    call.numberID = "n-1"
    call.flow = "clinic"
    call.providerCallID = "CA1"
    call.reason = "busy"
    call.duration = .milliseconds(1500)
    call.sessionID = "s-1"
    call.metadata = #"{"customer":4711}"#
    call.startedAtUnixMicroseconds = started + 2
    call.endedAtUnixMicroseconds = started + 3
    return call
  }

  static let oldPhoneCall = PhoneCallRecord(
    id: "c-1", owner: "", providerID: "p-1", direction: .outbound, from: "+15550100", to: "+15550199",
    createdAtUnixMicroseconds: 0)

  /// One of each status; the first has something in every member.
  static let campaigns: [Campaign] = Campaign.Status.allCases.enumerated().map { index, status in
    var campaign = Campaign(
      id: "k-\(status)", owner: "0123456789ab", name: "Spring", providerID: "p-1", from: "+15550100",
      createdAtUnixMicroseconds: started)
    campaign.status = status
    guard index == 0 else { return campaign }
    campaign.description = "a \"b\"\n"
    campaign.flow = "clinic"
    campaign.reason = "refused"
    campaign.scheduledAtUnixMicroseconds = started + 1
    campaign.callsPerMinute = 60
    campaign.callsAtOnce = 50
    campaign.hours = CallingHours(days: [1, 5], start: 540, end: 1080, utcOffsetMinutes: -300)
    campaign.doNotCall = ["+15550101"]
    campaign.startedAtUnixMicroseconds = started + 2
    campaign.endedAtUnixMicroseconds = started + 3
    campaign.updatedAtUnixMicroseconds = started + 4
    return campaign
  }

  static let oldCampaign = Campaign(
    id: "k-1", owner: "", name: "old", providerID: "p-1", from: "+15550100", createdAtUnixMicroseconds: 0)
}
