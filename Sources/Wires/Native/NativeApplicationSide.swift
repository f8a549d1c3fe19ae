public import CallCore
public import JSON

/// The agent's end of our own wire (`Documentation.docc/Wire.md`).
public final class NativeApplicationSide: ApplicationSide {
  private let header = UnsafeMutableRawBufferPointer.allocate(byteCount: AudioPacketHeader.byteCount, alignment: 8)
  private var codec: AudioCodec?

  /// A call that has not begun.
  public init() {}

  deinit { header.deallocate() }

  /// `voiceforge`.
  public var wire: CallWire { .voiceforge }

  /// No: audio is binary.
  public var hasAudioInText: Bool { false }

  /// By `error` and `ended`.
  public var tellsFaults: Bool { true }

  /// Never: what was played is told by the client as it likes.
  public var awaitsMarks: Bool { false }

  /// Reads a message or a packet.
  public func receive(
    _ frame: UnsafeRawBufferPointer, isText: Bool, _ handle: (WireEvent) -> Void
  ) throws(WireFault) -> FrameKind {
    guard isText else {
      try receivePacket(frame, handle)
      return .audio
    }
    let message = try ClientMessage(decoding: frame)
    switch message {
    case .start(let request):
      guard codec == nil else { throw WireFault(.outOfPlace, "start: the call has begun already") }
      codec = request.codec
      handle(.opened(CallInvitation(request: request)))
    case _ where codec == nil: throw WireFault(.outOfPlace, "the first message must be start")
    case .dtmf(let digit): handle(.key(digit))
    case .text(let text): handle(.text(text))
    case .played(let utterance, let played): handle(.played(utterance, played))
    case .hangup: handle(.hungUp)
    }
    return .message
  }

  private func receivePacket(
    _ frame: UnsafeRawBufferPointer, _ handle: (WireEvent) -> Void
  ) throws(WireFault) {
    guard let codec else { throw WireFault(.outOfPlace, "audio came before start") }
    let header: AudioPacketHeader
    do throws(AudioPacketFault) { header = try AudioPacketHeader(decoding: frame) } catch { throw error.wireFault }
    guard header.codec == codec else {
      throw WireFault(.badFrame, "a \(header.codec.rawValue) packet in a call that agreed on \(codec.rawValue)")
    }
    handle(.audio(AudioPacketHeader.payload(of: frame), sequence: header.sequence, stamp: header.microseconds))
  }

  /// Writes the packet behind its header.
  public func send(_ packet: AgentPacket, _ write: (WireFrame) -> Bool) -> Bool {
    AudioPacketHeader(
      codec: codec ?? .opus, isLastOfUtterance: packet.end == .utterance, sequence: packet.number,
      microseconds: UInt64(max(packet.due.microseconds, 0))
    ).encode(into: header)
    return write(WireFrame(isText: false, header: UnsafeRawBufferPointer(header), payload: packet.bytes))
  }

  /// Writes the message.
  public func send(_ command: WireCommand, _ write: (String) -> Void) {
    let message: ServerMessage? =
      switch command {
      case .ready(let notice): .ready(notice)
      case .report(let report): ServerMessage(report)
      case .fault(let fault, let isFatal):
        .error(code: fault.code.rawValue, message: fault.message, fatal: isFatal)
      case .ended(let reason, let document): .ended(reason, document)
      case .aside: nil  // its clients ask nothing beside the call
      }
    if let message { write(message.jsonText) }
  }
}
