public import CallCore
public import JSON

/// What `GET /api/usage` answers: what was used on days, in all, by key and by day. `Rest.md` lists the members.
public struct UsageDocument: Sendable, JSONDocument {
  private let days: ClosedRange<Int>
  private let entries: [UsageEntry]
  private let names: [String: String]

  /// - Parameters:
  ///   - days: that were asked for, since 1970 UTC.
  ///   - entries: of those days, in the order of `UsageEntry.isBefore`.
  ///   - names: names of the keys by id, as far as they are known.
  public init(days: ClosedRange<Int>, entries: [UsageEntry], names: [String: String]) {
    self.days = days
    self.entries = entries
    self.names = names
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("from", UTCTime.dayText(days.lowerBound))
    writer.field("to", UTCTime.dayText(days.upperBound))
    writer.object("totals") { Self.write(Self.sum(entries), to: &$0) }
    let byKey = Dictionary(grouping: entries) { $0.key }
    writer.list("keys", byKey.keys.sorted { ($0 ?? "") < ($1 ?? "") }) { writer, key in
      write(key, Self.sum(byKey[key] ?? []), to: &writer)
    }
    let byDay = Dictionary(grouping: entries) { $0.day }
    writer.list("days", byDay.keys.sorted()) { writer, day in
      let entries = byDay[day] ?? []
      writer.object { writer in
        writer.field("day", UTCTime.dayText(day))
        Self.write(Self.sum(entries), to: &writer)
        writer.list("keys", entries) { writer, entry in write(entry.key, entry.counts, to: &writer) }
      }
    }
  }

  private func write(_ key: String?, _ counts: UsageCounts, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("key", key)
      writer.field("name", key.flatMap { names[$0] })
      Self.write(counts, to: &writer)
    }
  }

  private static func write(_ counts: UsageCounts, to writer: inout JSONWriter) {
    writer.field("calls", counts.calls)
    writer.field("refusedCalls", counts.refusedCalls)
    writer.field("callSeconds", thousandths: counts.callTime.milliseconds)
    writer.field("turns", counts.turns)
    writer.field("recognizedSeconds", thousandths: counts.recognizedTime.milliseconds)
    writer.field("synthesizedCharacters", counts.synthesizedCharacters)
    writer.field("synthesizedSeconds", thousandths: counts.synthesizedTime.milliseconds)
    writer.field("cacheHits", counts.cacheHits)
  }

  private static func sum(_ entries: [UsageEntry]) -> UsageCounts {
    entries.reduce(into: UsageCounts()) { $0 += $1.counts }
  }
}
