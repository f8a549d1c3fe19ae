import CallCore
import CallDriver
import Formats
import JSON

/// Tokens of the language model that a key may use on a day.
struct TokenBudget: Sendable {
  private static let microsecondsOfDay: Int64 = 86_400_000_000

  private let keys: APIKeyService?
  private let usage: UsageCounter
  /// Id of the key; `nil` where there are none.
  private let key: String?

  /// - Parameter key: its id; `nil` where there are none.
  init(of key: String?, at server: ServerContext) {
    (self.key, keys, usage) = (key, server.authorizer.keyService, server.usage)
  }

  /// Looks at the key again, which may have been deleted, revoked or expired since it was let in. Asks no store.
  /// - Throws: that the key may not ask the language model any more.
  func checkKey() throws(SpeechRefusal) {
    guard let keys, !keys.grants(.model, to: key ?? "") else { return }
    throw SpeechRefusal(
      403, "the key may not ask the language model any more: it is gone or revoked, or its time is over")
  }

  /// Asks the store; what is under way is not looked at.
  /// - Throws: that there are no tokens left, or that nobody knows.
  func check() throws(SpeechRefusal) {
    guard let key, let limit = keys?.tokensPerDay(of: key) else { return }
    let used: Int
    do throws(StoreError) { used = try usage.tokensOfToday(key: key) } catch {
      throw SpeechRefusal(503, "what the key used today cannot be read now: \(error)", retryAfterSeconds: 5)
    }
    guard used >= limit else { return }
    let tomorrow = UTCTime.dayText(usage.day + 1)
    var refusal = SpeechRefusal(
      429, "the key has used \(used) of its \(limit) tokens of today; it gets new ones at \(tomorrow)T00:00:00Z",
      code: "insufficient_quota")
    refusal.fault.type = "insufficient_quota"
    let rest = Self.microsecondsOfDay - APIKeyService.now.unixMicroseconds % Self.microsecondsOfDay
    refusal.retryAfterSeconds = Int(rest / 1_000_000) + 1
    throw refusal
  }
}
