import CallDriver
import WebSockets
import Threads

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
