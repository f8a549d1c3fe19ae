import Glibc
import TestSupport

/// A port of 127.0.0.1 that somebody else listens on and never answers, for as long as it is held.
final class HeldPort: Sendable {
  let port: UInt16
  private let descriptor: Int32

  init() { (descriptor, _, port) = sockaddr_in.listen(queue: 8) }

  deinit { close(descriptor) }

  /// A port that was free a moment ago.
  static func free() -> UInt16 { HeldPort().port }
}
