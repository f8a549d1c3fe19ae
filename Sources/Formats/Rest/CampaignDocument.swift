public import CallCore
public import JSON

extension JSONObject {
  /// A campaign as REST shows it.
  /// - Parameter numbers: its list with what became of each; `nil`: only how many there are, as in a list of campaigns.
  package static func campaign(
    _ campaign: Campaign, counts: CampaignCounts, numbers: [CampaignNumber]? = nil
  ) -> JSONObject {
    JSONObject { writer in
      writer.field("id", campaign.id)
      writer.field("apiKeyId", campaign.owner)
      writer.field("name", campaign.name)
      writer.field("description", campaign.description)
      writer.field("providerId", campaign.providerID)
      writer.field("from", campaign.from)
      writer.field("flowId", campaign.flow)
      writer.field("status", campaign.status.rawValue)
      writer.field("reason", campaign.reason)
      writer.field("scheduledAt", instant: campaign.scheduledAtUnixMicroseconds)
      writer.field("callsPerMinute", campaign.callsPerMinute)
      writer.field("callsAtOnce", campaign.callsAtOnce)
      writer.object("callingHours") { campaign.hours.writeMembers(to: &$0) }
      writer.field("totalCalls", counts.total)
      writer.field("completedCalls", counts.completed)
      writer.field("successfulCalls", counts.successful)
      writer.field("failedCalls", counts.failed)
      if let numbers {
        writer.list("doNotCall", campaign.doNotCall)
        writer.list("phoneList", numbers.map(\.number))
        writer.objects("numbers", numbers) { writer, number in
          writer.field("phoneNumber", number.number)
          writer.field("state", number.state.rawValue)
          writer.field("callId", number.callID)
          writer.field("reason", number.reason)
        }
      }
      writer.field("startedAt", instant: campaign.startedAtUnixMicroseconds)
      writer.field("endedAt", instant: campaign.endedAtUnixMicroseconds)
      writer.field("createdAt", instant: campaign.createdAtUnixMicroseconds)
      writer.field("updatedAt", instant: campaign.updatedAtUnixMicroseconds)
    }
  }
}

/// What `POST /api/telephony/campaigns` and `PATCH` of one ask for. Whether texts are numbers that may be dialed is looked at by whoever dials.
public struct CampaignRequest: Sendable, Equatable {
  /// 1 … `Campaign.nameMax` characters; `POST` needs it.
  public var name: String?
  /// At most `Campaign.descriptionMax` characters.
  public var description: String?
  /// Id of an account of the key; only with `POST`, which needs it.
  public var providerID: String?
  /// The calling number; only with `POST`. `nil`: the account's first active number.
  public var from: String?
  /// Name of a flow; an empty one stands for the server's own.
  public var flow: String?
  /// The numbers, in order; only with `POST`, which needs it.
  public var phoneList: [String]?
  /// When it starts by itself, microseconds since 1970 UTC.
  public var scheduledAtUnixMicroseconds: Int64?
  /// 1 … `Campaign.callsPerMinuteMax`.
  public var callsPerMinute: Int?
  /// 1 … `Campaign.callsAtOnceMax`.
  public var callsAtOnce: Int?
  /// When people may be called.
  public var hours: CallingHours?
  /// Numbers that are never called.
  public var doNotCall: [String]?

  /// Largest body: two lists of `Campaign.numbersMax` numbers of 15 digits.
  public static let bytesMax = 512 << 10

  /// - Parameters:
  ///   - bytes: JSON, UTF-8.
  ///   - isNew: whether it is a `POST`.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8], isNew: Bool) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "campaign", bytesMax: Self.bytesMax)
    if isNew {
      name = try fields.text("name", 1...Campaign.nameMax)
      providerID = try fields.text("providerId", 1...100)
      from = try fields.optionalText("from", 1...32)
      phoneList = try Self.numbers("phoneList", in: fields, 1...Campaign.numbersMax)
      guard phoneList != nil else { throw fields.missing("phoneList", "a list of numbers") }
    } else {
      name = try fields.optionalText("name", 1...Campaign.nameMax)
      for member in ["providerId", "from", "phoneList"] where fields[member] != nil {
        throw WireFault(.outOfRange, "campaign.\(member): it cannot be changed; make another campaign")
      }
    }
    description = try fields.optionalText("description", 0...Campaign.descriptionMax)
    flow = try fields.optionalText("flowId", 0...WireLimits.nameCharactersMax)
    scheduledAtUnixMicroseconds = try Self.instant("scheduledAt", in: fields)
    callsPerMinute = try fields.optionalNumber("callsPerMinute", 1...Campaign.callsPerMinuteMax)
    callsAtOnce = try fields.optionalNumber("callsAtOnce", 1...Campaign.callsAtOnceMax)
    hours = try fields["callingHours"] == nil ? nil : CallingHours(fields.object("callingHours"))
    doNotCall = try Self.numbers("doNotCall", in: fields, 0...Campaign.numbersMax)
  }

  private static func numbers(
    _ name: String, in fields: JSONFields, _ counts: ClosedRange<Int>
  ) throws(WireFault) -> [String]? {
    guard let value = fields[name] else { return nil }
    guard case .array(let elements) = value else { throw fields.wrongType(name, "a list of numbers", value) }
    guard counts.contains(elements.count) else {
      throw fields.outOfRange(name, "\(counts.lowerBound) to \(counts.upperBound) numbers", value)
    }
    return try elements.map { element throws(WireFault) in
      guard case .string(let text) = element else { throw fields.wrongType(name, "a list of numbers", element) }
      return text
    }
  }

  private static func instant(_ name: String, in fields: JSONFields) throws(WireFault) -> Int64? {
    guard let text = try fields.optionalText(name, 1...40) else { return nil }
    let whole = text.utf8.count == 20 && text.hasSuffix("Z") ? text.dropLast() + ".000Z" : text
    guard let instant = UTCTime.unixMicroseconds(whole) else {
      throw fields.outOfRange(name, "an instant in UTC such as 2026-03-02T09:00:00.000Z", .string(text))
    }
    return instant
  }
}

extension CallingHours {
  private static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// `days`, `start`, `end`, `utcOffset`.
  func writeMembers(to writer: inout JSONWriter) {
    writer.list("days", days.sorted().map { Self.dayNames[$0 - 1] })
    writer.field("start", Self.text(start))
    writer.field("end", Self.text(end))
    let sign = utcOffsetMinutes < 0 ? "-" : "+"
    writer.field("utcOffset", sign + Self.text(abs(utcOffsetMinutes)))
  }

  /// - Throws: what is wrong, with the member's name.
  init(_ fields: JSONFields) throws(WireFault) {
    self = .always
    if case .array(let elements)? = fields["days"] {
      days = Set(
        try elements.map { day throws(WireFault) in
          guard case .string(let name) = day, let index = Self.dayNames.firstIndex(of: name) else {
            throw fields.outOfRange("days", "days such as mon, tue, sun", day)
          }
          return index + 1
        })
      guard !days.isEmpty else { throw fields.outOfRange("days", "at least one day", .array([])) }
    } else if let other = fields["days"] {
      throw fields.wrongType("days", "a list of days such as mon, tue, sun", other)
    }
    start = try Self.minutes("start", in: fields, 0...1439) ?? start
    end = try Self.minutes("end", in: fields, 1...1440) ?? end
    guard start < end else {
      throw WireFault(.outOfRange, "\(fields.place).end: expected a time behind start on the same day")
    }
    guard let offset = try fields.optionalText("utcOffset", 1...6) else { return }
    guard offset.first == "+" || offset.first == "-", let minutes = Self.minutes(offset.dropFirst()),
      Self.utcOffsets.contains(offset.first == "-" ? -minutes : minutes)
    else { throw fields.outOfRange("utcOffset", "hours and minutes such as +01:00", .string(offset)) }
    utcOffsetMinutes = offset.first == "-" ? -minutes : minutes
  }

  private static func minutes(
    _ name: String, in fields: JSONFields, _ range: ClosedRange<Int>
  ) throws(WireFault) -> Int? {
    guard let text = try fields.optionalText(name, 1...5) else { return nil }
    guard let minutes = minutes(text[...]), range.contains(minutes) else {
      throw fields.outOfRange(name, "a time of the day such as 09:00", .string(text))
    }
    return minutes
  }

  private static func minutes(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let hours = Int(parts[0]), let minutes = Int(parts[1]), hours <= 24, minutes < 60
    else { return nil }
    return hours * 60 + minutes
  }

  private static func text(_ minutes: Int) -> String {
    [minutes / 60, minutes % 60].map { ($0 < 10 ? "0" : "") + "\($0)" }.joined(separator: ":")
  }
}
