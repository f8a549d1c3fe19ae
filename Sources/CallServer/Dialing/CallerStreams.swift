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

  private struct Expected: Sendable {
    var seat: Seat
    var digest: [UInt8]
  }

  /// Streams that may be waited for; more calls are never under way.
  static let countMax = 1000

  private let expected = Locked<[String: Expected]>([:])
  private let salt: [UInt8]

  init() {
    var generator = SystemRandomNumberGenerator()
    salt = KeySecret.bytes(16, &generator)
  }

  /// Lets one stream in for the caller in `seat`, until `forget`.
  /// - Returns: the secret that opens it; `nil` when too many are waited for.
  func expect(_ seat: Seat) -> String? {
    var generator = SystemRandomNumberGenerator()
    let secret = KeySecret.hex(KeySecret.bytes(32, &generator))
    let digest = digest(of: secret)
    return expected.withLock { expected in
      guard expected.count < Self.countMax else { return nil }
      expected[seat.id] = Expected(seat: seat, digest: digest)
      return secret
    }
  }

  /// The stream is not waited for any more.
  func forget(_ id: String) { expected.withLock { $0[id] = nil } }

  /// Lets a stream in, once.
  /// - Returns: `nil` for a wrong secret, one that was used, and a call that waits for none.
  func claim(_ id: String, secret: String) -> Seat? {
    guard secret.utf8.count <= KeySecret.charactersMax else { return nil }
    let digest = digest(of: secret)
    return expected.withLock { expected in
      guard let entry = expected[id], KeyedDigest.isEqual(entry.digest, digest) else { return nil }
      expected[id] = nil
      return entry.seat
    }
  }

  private func digest(of text: String) -> [UInt8] { KeyedDigest.hmacSHA256(text.utf8, key: salt) }
}
