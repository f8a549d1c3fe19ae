import CallCore
import CallDriver
import Simulation
import Threads
import WebSockets

/// The media streams that a provider is to open for calls that were dialed: which there may be, by what secret, and who talks on them.
///
/// A stream is let in once, with the secret that only the provider was told, while its call waits for it. Any thread.
final class CallerStreams: Sendable {
  /// A caller that waits for its stream.
  struct Seat: Sendable {
    /// Our id of the call.
    var id: String
    /// What the caller does.
    var order: SimulatedOrder
    /// Makes it, on the loop of the stream.
    var makeCaller: @Sendable () throws(EngineError) -> SimulatedCaller
    /// Called once, on that loop, when the stream is over.
    var done: @Sendable (CallEvidence) -> Void
  }

  /// Streams that may be waited for; more calls are never under way.
  static let countMax = 1000

  private let seats = Locked(OneTimeTokens<Seat>(countMax: countMax))

  /// Lets one stream in for the caller in `seat`, until `forget`.
  /// - Returns: the secret that opens it; `nil` when too many are waited for.
  func expect(_ seat: Seat) -> String? {
    seats.withLock { seats in seats.count < Self.countMax ? seats.make(for: seat) : nil }
  }

  /// The stream is not waited for any more.
  func forget(_ id: String) { seats.withLock { $0.removeAll { $0.id == id } } }

  /// Lets a stream in, once.
  /// - Returns: `nil` for a wrong secret, one that was used, and a call that waits for none.
  func claim(_ id: String, secret: String) -> Seat? {
    seats.withLock { $0.use(secret, at: APIKeyService.now.monotonic) { $0.id == id } }
  }
}
