import Glibc
import Threads

/// A value that other threads change and a test waits on. No fixed sleeps: every wait ends when its condition holds.
public final class Probe<Value: Sendable>: Sendable {
  private let value: Monitor<Value>

  /// - Parameter value: the first one.
  public init(_ value: Value) { self.value = Monitor(value) }

  /// What it is now.
  public var current: Value { value.read { $0 } }

  /// Changes it, and wakes who waits.
  public func change(_ body: (inout Value) -> Void) { value.withLock(body) }

  /// - Returns: whether `holds` became true within `seconds`.
  @discardableResult
  public func wait(_ seconds: Int = 120, until holds: (Value) -> Bool) -> Bool {
    value.wait(until: .after(.seconds(seconds))) { holds($0) ? true : nil } ?? false
  }
}

/// For conditions that nobody announces, such as a counter of the server: looks every millisecond.
public func eventually(_ seconds: Double = 120, _ holds: () throws -> Bool) rethrows -> Bool {
  let end = Deadline.after(microseconds: UInt64(seconds * 1_000_000))
  while try !holds() {
    if end.isOver { return try holds() }
    usleep(1_000)
  }
  return true
}
