public import CallCore
public import JSON

/// A text frame from client to server.
public enum ClientMessage: Sendable, Equatable {
  /// Asks for a call; the first message.
  case start(StartRequest)
  /// A pressed key: `0` … `9`, `*` or `#`.
  case dtmf(Character)
  /// Typed instead of spoken: 1 … `WireLimits.textCharactersMax` characters.
  case text(String)
  /// How much of an utterance the client has played.
  case played(UtteranceID, CallDuration)
  /// Ends the call.
  case hangup

  /// The values of `type`, in the order of `Wire.md`.
  enum Kind: String, CaseIterable { case start, dtmf, text, played, hangup }

  /// The keys of a telephone.
  static let keys: [Character] = Array("0123456789*#")

  /// Reads a text frame.
  /// - Parameter frame: UTF-8 as received; checked here.
  /// - Throws: what is wrong, to be told to the client. The call goes on.
  public init(decoding frame: UnsafeRawBufferPointer) throws(WireFault) {
    let fields = try JSONFields(frame: frame, bytesMax: WireLimits.textFrameBytesMax, nestingMax: WireLimits.nestingMax)
    guard let kind = Kind(rawValue: fields.place) else {
      let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw WireFault(.unknownType, "type: expected one of \(known), got \(fields.place.quoted)")
    }
    switch kind {
    case .start: self = .start(try StartRequest(fields))
    case .dtmf: self = .dtmf(try Self.digit(fields))
    case .text: self = .text(try fields.text("text", 1...WireLimits.textCharactersMax))
    case .played: self = .played(try fields.utterance("utterance"), try fields.span("ms"))
    case .hangup: self = .hangup
    }
  }

  /// The same for a frame in an array.
  public init(decoding frame: [UInt8]) throws(WireFault) {
    self = try frame.span.bytes.withUnsafeBytes { bytes throws(WireFault) in try ClientMessage(decoding: bytes) }
  }

  private static func digit(_ fields: JSONFields) throws(WireFault) -> Character {
    let text = try fields.text("digit")
    guard let digit = text.first, text.count == 1, keys.contains(digit) else {
      throw fields.outOfRange("digit", "one of 0 to 9, * and #", .string(text))
    }
    return digit
  }
}

extension ClientMessage: JSONDocument {
  /// Writes the frame's members, `type` first.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("type", kind.rawValue)
    switch self {
    case .start(let request): request.writeMembers(to: &writer)
    case .dtmf(let digit): writer.field("digit", String(digit))
    case .text(let text): writer.field("text", text)
    case .played(let utterance, let span):
      writer.field("utterance", utterance.number)
      writer.field("ms", span.milliseconds)
    case .hangup: break
    }
  }

  private var kind: Kind {
    switch self {
    case .start: .start
    case .dtmf: .dtmf
    case .text: .text
    case .played: .played
    case .hangup: .hangup
    }
  }
}
