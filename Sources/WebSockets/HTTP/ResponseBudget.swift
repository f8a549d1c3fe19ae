/// Bytes of long answers that peers have not read yet. Connections that send the same bytes share them, and these count once.
public final class ResponseBudget: Sendable {
  private struct Held {
    var readers: Int
    let bytes: Int
  }

  private let bytesMax: Int
  private let state = Locked<(answers: [UInt: Held], bytes: Int)>(([:], 0))

  /// - Parameter bytesMax: an answer that does not fit becomes a 503.
  public init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// Bytes held now.
  public var usedBytes: Int { state.withLock { $0.bytes } }

  /// - Parameter body: kept by the connection until it calls `release`, so that its bytes stay where they are.
  /// - Returns: false when it does not fit; nothing is held then.
  func hold(_ body: [UInt8]) -> Bool {
    let key = Self.place(of: body)
    return state.withLock { state in
      if let held = state.answers[key] {
        state.answers[key] = Held(readers: held.readers + 1, bytes: held.bytes)
        return true
      }
      guard state.bytes + body.count <= bytesMax else { return false }
      state.bytes += body.count
      state.answers[key] = Held(readers: 1, bytes: body.count)
      return true
    }
  }

  func release(_ body: [UInt8]) {
    let key = Self.place(of: body)
    state.withLock { state in
      guard let held = state.answers[key] else { return }
      if held.readers > 1 {
        state.answers[key] = Held(readers: held.readers - 1, bytes: held.bytes)
      } else {
        state.answers[key] = nil
        state.bytes -= held.bytes
      }
    }
  }

  /// Copies of an array that nobody changes lie at one place.
  private static func place(of body: [UInt8]) -> UInt { body.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
}
