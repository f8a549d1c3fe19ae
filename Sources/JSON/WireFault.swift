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
    /// The key that came with the first message is none that opens calls here.
    case wrongKey = "wrong-key"
    /// The key that came with the first message was revoked, or has expired.
    case inactiveKey = "inactive-key"
    /// A call would be taken later: too many go on, or the key has made all its calls of the minute.
    case busy
    /// What should answer is no flow, and no language model is configured.
    case unknownModel = "unknown-model"
  }

  /// What kind.
  public var code: Code
  /// Names the field, what was expected and what came. At most a few hundred characters, whatever the peer sent.
  public var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Whether the call ends because of it.
  public var isFatal: Bool { code == .frameTooLarge || code == .tooMany }
  /// Code and message.
  public var description: String { "\(code.rawValue): \(message)" }
}

/// What bounds a client's text frames.
public enum WireLimits {
  /// Longest text frame. Room for a `text` of `textCharactersMax` with every character escaped as a surrogate pair (12,000
  /// bytes) and for a `start` with `metadataBytesMax` of quotation marks; nothing that is allowed is longer.
  public static let textFrameBytesMax = 16_384
  /// Lists and objects within one another. `start` needs 2.
  public static let nestingMax = 8
  /// Longest typed text, in Unicode scalars: what a person types in one go.
  public static let textCharactersMax = 1_000
  /// Longest name of a flow or a voice, in Unicode scalars. The longest in use has 40.
  public static let nameCharactersMax = 128
  /// Most entries of `metadata`.
  public static let metadataEntriesMax = 32
  /// Most bytes of all names and values of `metadata` together, in UTF-8: they are kept in memory with the call.
  public static let metadataBytesMax = 4_096
  /// Greatest number of an utterance or a turn: ten a second for two days.
  public static let countMax = 2_000_000
  /// Greatest span or instant: two days, twice what any call lasts.
  public static let millisecondsMax = 172_800_000
  /// Greatest whole number that is taken of a peer where nothing smaller follows from what it counts: 2⁵³, up to which
  /// every program that reads JSON as floating point tells whole numbers apart. A thousand of them can be added up, and one can be
  /// counted in thousandths: plain arithmetic behind the border never overflows. What the program itself stored has no such limit.
  public static let wholeNumberMax = 1 << 53
}
