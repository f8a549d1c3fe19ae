package import CallCore
package import JSON

extension JSONObject {
  /// What `GET /api/usage` answers: what was used on days, in all, by key and by day.
  /// - Parameters:
  ///   - entries: of days `days` since 1970 UTC, in the order of `UsageEntry.isBefore`.
  ///   - names: names of the keys by id, as far as they are known.
  package static func usage(
    _ entries: [UsageEntry], of days: ClosedRange<Int>, names: [String: String]
  ) -> JSONObject {
    func write(_ key: String?, _ counts: UsageCounts, to writer: inout JSONWriter) {
      writer.field("key", key)
      writer.field("name", key.flatMap { names[$0] })
      writer.members(of: counts)
    }
    return JSONObject { writer in
      writer.field("from", UTCTime.dayText(days.lowerBound))
      writer.field("to", UTCTime.dayText(days.upperBound))
      writer.object("totals") { $0.members(of: entries.sum) }
      let byKey = Dictionary(grouping: entries) { $0.key }
      writer.objects("keys", byKey.keys.sorted { ($0 ?? "") < ($1 ?? "") }) { writer, key in
        write(key, (byKey[key] ?? []).sum, to: &writer)
      }
      let byDay = Dictionary(grouping: entries) { $0.day }
      writer.objects("days", byDay.keys.sorted()) { writer, day in
        let entries = byDay[day] ?? []
        writer.field("day", UTCTime.dayText(day))
        writer.members(of: entries.sum)
        writer.objects("keys", entries) { writer, entry in write(entry.key, entry.counts, to: &writer) }
      }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func members(of counts: UsageCounts) {
    field("calls", counts.calls)
    field("refusedCalls", counts.refusedCalls)
    field("callSeconds", thousandths: counts.callTime.milliseconds)
    field("turns", counts.turns)
    field("recognizedSeconds", thousandths: counts.recognizedTime.milliseconds)
    field("synthesizedCharacters", counts.synthesizedCharacters)
    field("synthesizedSeconds", thousandths: counts.synthesizedTime.milliseconds)
    field("cacheHits", counts.cacheHits)
    field("modelRequests", counts.modelRequests)
    field("promptTokens", counts.promptTokens)
    field("answerTokens", counts.answerTokens)
  }
}

extension [UsageEntry] {
  fileprivate var sum: UsageCounts { reduce(into: UsageCounts()) { $0 += $1.counts } }
}
