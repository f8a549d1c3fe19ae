/// Why a language model gave no answer, or broke it off.
public struct ModelFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of reason.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// No connection, a broken one, or TLS that cannot be trusted.
    case unreachable
    /// Nothing of the answer within the limit.
    case late
    /// It stood still in the middle of the answer, or took longer than the whole may take.
    case stalled
    /// The key is wrong or missing.
    case refusedKey = "refused-key"
    /// The server has no such model, or nothing at this address.
    case missing
    /// Too many requests, or no money left.
    case limited
    /// The request is wrong, or longer than the model takes.
    case refusedRequest = "refused-request"
    /// The server failed.
    case failed
    /// What came cannot be understood.
    case malformed
    /// An answer without anything in it.
    case empty
    /// It is longer than anybody reads.
    case tooLarge = "too-large"
    /// Nobody waits for the answer any more.
    case cancelled
  }

  /// What kind of reason.
  public var kind: Kind
  /// One sentence for people; never shows a key.
  public var description: String
  /// How long the server wants to be left alone, in milliseconds, where it says so.
  public var retryAfterMilliseconds: Int?

  /// - Parameters:
  ///   - kind: of the reason.
  ///   - description: one sentence; never shows a key.
  public init(_ kind: Kind, _ description: String, retryAfterMilliseconds: Int? = nil) {
    (self.kind, self.description, self.retryAfterMilliseconds) = (kind, description, retryAfterMilliseconds)
  }

  /// Whether another model may do better with the same request.
  public var mayPassElsewhere: Bool {
    switch kind {
    case .unreachable, .late, .missing, .limited, .failed, .malformed, .empty, .stalled: true
    case .refusedKey, .refusedRequest, .tooLarge, .cancelled: false
    }
  }
}
