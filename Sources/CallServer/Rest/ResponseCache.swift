import CallDriver
package import WebSockets
import Threads

/// Long answers that never change, such as reports and recordings: made once, and shared by all who ask for them at the same time or soon
/// after. At most `bytesMax`, where what was not asked for longest makes room, and for `keptFor` after they were asked for last.
package final class ResponseCache: Sendable {
  private struct State {
    var answers: [String: (response: HTTPResponse, lastUse: UInt64)] = [:]
    var bytes = 0

    mutating func remove(_ key: String) {
      guard let removed = answers.removeValue(forKey: key) else { return }
      bytes -= removed.response.body.count
    }
  }

  /// Microseconds.
  package static let keptFor: UInt64 = 10_000_000

  private let bytesMax: Int
  private let state = Locked(State())

  package init(bytesMax: Int = 32 << 20) { self.bytesMax = bytesMax }

  /// Bytes kept now.
  package var bytes: Int { state.withLock { $0.bytes } }

  /// - Parameters:
  ///   - key: says what it is.
  ///   - make: what is not 200 is not kept.
  ///   - now: of the monotonic clock, in microseconds.
  package func response(
    _ key: String, at now: UInt64 = MonotonicClock.now(), _ make: () -> HTTPResponse
  ) -> HTTPResponse {
    if let kept = kept(key, at: now) { return kept }
    let made = make()
    guard made.status == 200, made.body.count <= bytesMax else { return made }
    return keep(made, key, at: now)
  }

  /// Forgets what nobody asked for any more; whoever still reads it goes on.
  package func forgetUnused(at now: UInt64 = MonotonicClock.now()) {
    state.withLock { state in
      for (key, kept) in state.answers where kept.lastUse + Self.keptFor <= now { state.remove(key) }
    }
  }

  private func kept(_ key: String, at now: UInt64) -> HTTPResponse? {
    state.withLock { state in
      guard let kept = state.answers[key] else { return nil }
      state.answers[key] = (kept.response, max(now, kept.lastUse))
      return kept.response
    }
  }

  /// Made twice at the same time, the first one counts.
  private func keep(_ response: HTTPResponse, _ key: String, at now: UInt64) -> HTTPResponse {
    state.withLock { state in
      if let first = state.answers[key] { return first.response }
      while state.bytes + response.body.count > bytesMax,
        let oldest = state.answers.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.remove(oldest.key)
      }
      state.answers[key] = (response, now)
      state.bytes += response.body.count
      return response
    }
  }
}
