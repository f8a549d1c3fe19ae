import Glibc
import TestSupport

/// A port of 127.0.0.1 that somebody else listens on and never answers, for as long as it is held.
final class HeldPort: Sendable {
  let port: UInt16
  private let descriptor: Int32

  init() { (descriptor, _, port) = sockaddr_in.listen(queue: 8) }

  deinit { close(descriptor) }

  /// One that nobody listens on.
  static func free() -> UInt16 { sockaddr_in.freePort() }
}
