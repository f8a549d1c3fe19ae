public import CallCore
public import JSON

/// The bot's end of a telephone provider's media stream: the provider connects to us and sends what its caller says.
public final class TelephonyApplicationSide: ApplicationSide {
  private let dialect: TelephonyDialect
  private var streamID = ""
  private var incoming: IncomingAudio?
  private var outgoing: OutgoingAudio?
  private var marks = PlaybackMarks()

  /// - Parameter wire: of a telephone provider.
  /// - Returns: `nil` for our own wire.
  public init?(_ wire: CallWire) {
    guard let dialect = TelephonyDialect(wire) else { return nil }
    self.dialect = dialect
  }

  /// Which provider's.
  public var wire: CallWire { dialect.wire }

  /// As Base64, but for Vonage.
  public var hasAudioInText: Bool { !dialect.isBinary }

  /// Providers have no word for it.
  public var tellsFaults: Bool { false }

  /// Longest message with audio. Providers send 20 to 100 ms at a time, 4.3 KB at most.
  public static let messageBytesMax = 65_536

  // MARK: - From the provider

  /// Reads a message of the provider.
  public func receive(
    _ frame: UnsafeRawBufferPointer, isText: Bool, _ handle: (WireEvent) -> Void
  ) throws(WireFault) -> FrameKind {
    guard isText else {
      try receiveBinary(frame, handle)
      return .audio
    }
    guard frame.count <= Self.messageBytesMax else { throw Self.tooLarge(frame, Self.messageBytesMax) }
    if let media = MediaMessage(frame, streamKey: dialect.streamKey) {
      if let id = media.streamID { try checkStream(id) }
      try receiveAudio(media, handle)
      return .audio
    }
    // What must be parsed is dear, and short where it is right.
    guard frame.count <= WireLimits.textFrameBytesMax else { throw Self.tooLarge(frame, WireLimits.textFrameBytesMax) }
    let message = try ProviderMessage(frame)
    if let id = dialect.streamKey.flatMap({ message.fields.textIfAny($0) }) { try checkStream(id.utf8) }
    switch message.event {
    case "connected": break
    case "start", "websocket:connected": try begin(message, handle)
    case "stop", "closed": handle(.hungUp)
    case _ where incoming == nil: throw WireFault(.outOfPlace, "\(message.event.quoted): expected `start` first")
    case "media":
      try receiveAudio(message, handle)
      return .audio
    case "dtmf", "websocket:dtmf": handle(.key(try message.digit()))
    case dialect.reachedEvent, "websocket:notify": markReached(message, handle)
    case "clearedAudio", "websocket:cleared", "mark", "error": break
    default:
      throw WireFault(
        .unknownType, "event: \(message.event.quoted) is none of \(dialect.wire.rawValue)'s media streams")
    }
    return .message
  }

  private static func tooLarge(_ frame: UnsafeRawBufferPointer, _ bytesMax: Int) -> WireFault {
    WireFault(.messageTooLarge, "message: expected at most \(bytesMax) bytes, got \(frame.count)")
  }

  private func begin(_ message: ProviderMessage, _ handle: (WireEvent) -> Void) throws(WireFault) {
    guard incoming == nil else { throw WireFault(.outOfPlace, "\(message.event.quoted): the stream has begun already") }
    let start = try message.start(dialect)
    streamID = start.streamID
    let format = AudioFormat(codec: start.request.codec, sampleRate: start.request.sampleRate)
    incoming = IncomingAudio(format)
    outgoing = OutgoingAudio(dialect, streamID: streamID, format)
    handle(.opened(CallInvitation(request: start.request)))
  }

  private func checkStream(_ id: some Collection<UInt8>) throws(WireFault) {
    guard incoming != nil, let key = dialect.streamKey else { return }
    guard streamID.utf8.elementsEqual(id) else {
      throw WireFault(
        .outOfRange, "\(key): expected \(streamID.quoted), got \(String(decoding: id, as: UTF8.self).quoted)")
    }
  }

  private func receiveAudio(_ media: MediaMessage, _ handle: (WireEvent) -> Void) throws(WireFault) {
    guard let incoming else { throw WireFault(.outOfPlace, "media: expected `start` first") }
    guard !media.isOutbound else { return incoming.ignoreGaps() }
    guard incoming.receive(text: media.payload, chunk: media.chunk, milliseconds: media.milliseconds, handle) else {
      throw WireFault(.badFrame, "media.payload: expected audio as Base64, got what is none")
    }
  }

  /// A message that only the parser could read.
  private func receiveAudio(_ message: ProviderMessage, _ handle: (WireEvent) -> Void) throws(WireFault) {
    let media = try message.fields.object("media")
    guard let incoming else { return }
    guard media.textIfAny("track") != "outbound" else { return incoming.ignoreGaps() }
    let payload = try media.text("payload")
    let isBase64 = Array(payload.utf8).withUnsafeBytes { bytes in
      incoming.receive(
        text: bytes, chunk: media.count("chunk"), milliseconds: media.count("timestamp"), handle)
    }
    guard isBase64 else { throw WireFault(.badFrame, "media.payload: expected audio as Base64, got what is none") }
  }

  private func receiveBinary(_ frame: UnsafeRawBufferPointer, _ handle: (WireEvent) -> Void) throws(WireFault) {
    guard frame.count <= Self.messageBytesMax else { throw Self.tooLarge(frame, Self.messageBytesMax) }
    guard dialect.isBinary else {
      throw WireFault(.badFrame, "frame: expected text messages only, got a binary one of \(frame.count) bytes")
    }
    guard let incoming else { throw WireFault(.outOfPlace, "audio came before `websocket:connected`") }
    incoming.receive(frame, handle)
  }

  private func markReached(_ message: ProviderMessage, _ handle: (WireEvent) -> Void) {
    guard let number = message.markName.flatMap(Int.init), let point = marks.returned(number) else { return }
    handle(.markReturned(point.utterance, point.played, due: point.due))
  }

  // MARK: - To the provider

  /// Whether the provider has not yet said that it played what was sent to it.
  public var awaitsMarks: Bool { marks.isWaiting }

  /// Writes the packet, and a mark behind what ends a sentence.
  public func send(_ packet: AgentPacket, _ write: (WireFrame) -> Bool) -> Bool {
    guard let outgoing, outgoing.send(packet, write) else { return false }
    marks.countPacket(of: packet.utterance)
    guard packet.end != .nothing, let number = marks.add(due: packet.due + .milliseconds(20)) else {
      return true
    }
    let isSent = Array(markText("\(number)").utf8).withUnsafeBytes { text in
      write(.text(text))
    }
    if !isSent { marks.removeLast() }
    return true
  }

  /// Says `clear`; providers have no word for anything else.
  public func send(_ command: WireCommand, _ write: (String) -> Void) {
    guard case .report(.clear) = command, outgoing != nil else { return }
    outgoing?.removeAll()
    marks.clear()
    write(clearText)
  }

  private func markText(_ name: String) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      if dialect.isBinary {
        writer.field("action", "notify")
        writer.object("payload") { $0.field("mark", name) }
        return
      }
      writer.field("event", dialect.markEvent)
      if dialect.namesStream, let key = dialect.streamKey { writer.field(key, streamID) }
      if dialect.markEvent == "mark" {
        writer.object("mark") { $0.field("name", name) }
      } else {
        writer.field("name", name)
      }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private var clearText: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field(dialect.isBinary ? "action" : "event", dialect.clearEvent)
      if dialect.namesStream, let key = dialect.streamKey { writer.field(key, streamID) }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
