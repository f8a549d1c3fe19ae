/// What a peer did wrong: a code for programs and a sentence for people. The server answers it with `error`.
public struct WireFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of wrong. The raw values stand in the `code` of an `error`.
  public enum Code: String, Sendable, CaseIterable {
    /// The frame is not JSON, or not UTF-8.
    case malformedJSON = "malformed-json"
    /// Lists and objects within one another beyond `WireLimits.nestingMax`.
    case tooDeep = "too-deep"
    /// More bytes than `WireLimits.textFrameBytesMax`.
    case messageTooLarge = "message-too-large"
    /// A `type` that is not in `Wire.md`.
    case unknownType = "unknown-type"
    /// A field that must be there is absent or null.
    case missingField = "missing-field"
    /// A field has another JSON type than it must have.
    case wrongType = "wrong-type"
    /// A field has the right type and a value that is not allowed.
    case outOfRange = "out-of-range"
    /// A text, or all of them together, beyond its limit.
    case tooLong = "too-long"
    /// A binary frame whose header is wrong.
    case badFrame = "bad-frame"
    /// A binary frame with too large a payload; ends the call.
    case frameTooLarge = "frame-too-large"
    /// More messages or packets than a call can need; ends the call.
    case tooMany = "too-many"
    /// The message or packet comes at the wrong time, such as audio before `start`.
    case outOfPlace = "out-of-place"
    /// The call cannot begin; nothing is wrong with the request.
    case refused
  }

  /// What kind.
  public var code: Code
  /// Names the field, what was expected and what came. At most a few hundred characters, whatever the peer sent.
  public var message: String

  /// - Parameter message: see the property.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Whether the call ends because of it.
  public var isFatal: Bool { code == .frameTooLarge || code == .tooMany }
  /// Code and message.
  public var description: String { "\(code.rawValue): \(message)" }
}
