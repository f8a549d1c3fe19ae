import CallCore
public import JSON

extension ServerMessage {
  /// Longest text frame that a client takes: the record of a full call, 1,000 transcript entries among it, has about 1 MB.
  public static let frameBytesMax = 8 * 1024 * 1024

  /// Reads a text frame of the server.
  /// - Parameter frame: UTF-8 as received; checked here; at most `frameBytesMax`.
  /// - Throws: what is wrong with a known type; an unknown type is `.unknown`.
  public init(decoding frame: UnsafeRawBufferPointer) throws(WireFault) {
    let fields = try JSONFields(frame: frame, bytesMax: Self.frameBytesMax, nestingMax: WireLimits.nestingMax)
    guard let kind = Kind(rawValue: fields.place) else {
      self = .unknown(type: fields.place)
      return
    }
    switch kind {
    case .ready: self = .ready(try ReadyNotice(fields))
    case .speech:
      self = .speech(
        started: try fields.choice("state", of: SpeechState.allCases) == .started, at: try fields.instant("at"))
    case .transcript: self = .transcript(try TranscriptNotice(fields))
    case .state:
      self = .state(name: try fields.text("name"), from: try fields.text("from"), because: try fields.text("because"))
    case .agent: self = .agent(try AgentNotice(fields))
    case .clear: self = .clear(try fields.utterance("utterance"))
    case .turn: self = .turn(try TurnLatency(fields))
    case .error:
      self = .error(
        code: try fields.text("code"), message: try fields.text("message"), fatal: try fields.flag("fatal"))
    case .ended: self = try Self.ended(fields)
    }
  }

  /// The same for a frame in an array.
  public init(decoding frame: [UInt8]) throws(WireFault) {
    self = try frame.span.bytes.withUnsafeBytes { bytes throws(WireFault) in try ServerMessage(decoding: bytes) }
  }

  private enum SpeechState: String, CaseIterable { case started, stopped }

  private static func ended(_ fields: JSONFields) throws(WireFault) -> ServerMessage {
    let reason = try fields.choice("reason", of: CloseReason.allCases)
    guard fields["record"] != nil else { return .ended(reason, nil) }
    return .ended(reason, try CallDocument(try fields.object("record")))
  }
}
