import Synchronization

/// Bytes that all connections together may hold of what peers sent and nobody has used yet.
public final class ByteBudget: Sendable {
  private let bytesMax: Int
  private let used = Atomic<Int>(0)

  /// - Parameter bytesMax: what does not fit is refused by whoever asks: a request body with 503.
  public init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// Bytes held now.
  public var usedBytes: Int { used.load(ordering: .relaxed) }

  /// - Returns: false when they do not fit; nothing is held then.
  func hold(_ bytes: Int) -> Bool {
    let total = used.add(bytes, ordering: .relaxed).newValue
    if total <= bytesMax { return true }
    release(bytes)
    return false
  }

  func release(_ bytes: Int) { used.subtract(bytes, ordering: .relaxed) }
}
