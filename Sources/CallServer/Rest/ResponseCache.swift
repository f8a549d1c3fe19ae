import Bounds
import CallDriver
import Threads
package import WebSockets

/// Long answers that never change, such as reports and recordings: made once, and shared by all who ask for them at the same time or soon
/// after. At most `bytesMax`, where what was not asked for longest makes room, and for `keptFor` after they were asked for last.
package final class ResponseCache: Sendable {
  /// Microseconds.
  package static let keptFor: UInt64 = 10_000_000

  private let answers: Locked<BoundedStore<String, (response: HTTPResponse, lastUse: UInt64)>>

  package init(bytesMax: Int = 32 << 20) { answers = Locked(BoundedStore(bytesMax: bytesMax)) }

  /// Bytes kept now.
  package var bytes: Int { answers.withLock { $0.bytes } }

  /// - Parameters:
  ///   - key: says what it is.
  ///   - make: what is not 200 is not kept.
  ///   - now: of the monotonic clock, in microseconds.
  package func response(
    _ key: String, at now: UInt64 = MonotonicClock.now(), _ make: () -> HTTPResponse
  ) -> HTTPResponse {
    if let kept = kept(key, at: now) { return kept }
    let made = make()
    return made.status == 200 ? keep(made, key, at: now) : made
  }

  /// Forgets what nobody asked for any more; whoever still reads it goes on.
  package func forgetUnused(at now: UInt64 = MonotonicClock.now()) {
    answers.withLock { $0.removeAll { $0.lastUse + Self.keptFor <= now } }
  }

  private func kept(_ key: String, at now: UInt64) -> HTTPResponse? {
    answers.withLock { answers in
      guard let kept = answers.use(key) else { return nil }
      let size = kept.response.body.count
      answers.put((kept.response, max(now, kept.lastUse)), for: key, bytes: size)
      return kept.response
    }
  }

  /// Made twice at the same time, the first one counts.
  private func keep(_ response: HTTPResponse, _ key: String, at now: UInt64) -> HTTPResponse {
    answers.withLock { answers in
      if let first = answers[key] { return first.response }
      if response.body.count <= answers.bytesMax {
        answers.put((response, now), for: key, bytes: response.body.count)
      }
      return response
    }
  }
}

/// A document that is the same as long as the server runs: made when first asked for, then shared by all answers.
final class DocumentCache: Sendable {
  private let make: @Sendable () -> HTTPResponse
  private let kept = Locked<HTTPResponse?>(nil)

  init(_ make: @escaping @Sendable () -> HTTPResponse) { self.make = make }

  /// The document, where it was made; quick.
  var made: HTTPResponse? { kept.withLock { $0 } }

  /// The document; blocks while it is made, which happens once.
  var response: HTTPResponse {
    kept.withLock { kept in
      let response = kept ?? make()
      kept = response
      return response
    }
  }
}
