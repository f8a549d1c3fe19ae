public import CallCore
public import JSON

/// What a server counted, as servers hand it on: JSON without loss.
public enum UsageArchive {
  /// The whole of it.
  public static func json(of share: UsageShare) -> [UInt8] {
    let counts = share.entry.counts
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("node", share.node)
      writer.field("day", UTCTime.dayText(share.entry.day))
      writer.field("key", share.entry.key ?? "")
      writer.field("calls", counts.calls)
      writer.field("refusedCalls", counts.refusedCalls)
      writer.field("callUs", counts.callTime.microseconds)
      writer.field("turns", counts.turns)
      writer.field("recognizedUs", counts.recognizedTime.microseconds)
      writer.field("synthesizedCharacters", counts.synthesizedCharacters)
      writer.field("synthesizedUs", counts.synthesizedTime.microseconds)
      writer.field("cacheHits", counts.cacheHits)
    }
    return writer.bytes
  }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func share(from json: [UInt8]) throws(WireFault) -> UsageShare {
    let fields = try JSONFields(archived: json, place: "usage")
    func count(_ name: String) throws(WireFault) -> Int { try fields.storedNumber(name, from: 0) ?? 0 }
    let text = try fields.text("day")
    guard let day = UTCTime.day(text) else { throw fields.outOfRange("day", "a day", .string(text)) }
    let key = try fields.text("key")
    var counts = UsageCounts()
    counts.calls = try count("calls")
    counts.refusedCalls = try count("refusedCalls")
    counts.callTime = .microseconds(Int64(try count("callUs")))
    counts.turns = try count("turns")
    counts.recognizedTime = .microseconds(Int64(try count("recognizedUs")))
    counts.synthesizedCharacters = try count("synthesizedCharacters")
    counts.synthesizedTime = .microseconds(Int64(try count("synthesizedUs")))
    counts.cacheHits = try count("cacheHits")
    return UsageShare(
      node: try fields.text("node"), entry: UsageEntry(day: day, key: key.isEmpty ? nil : key, counts: counts))
  }
}
