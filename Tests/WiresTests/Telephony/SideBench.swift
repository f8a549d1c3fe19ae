import CallCore
import JSON
import Wires

/// A provider and the bot's side of its wire, without time: what goes in and what comes out, as texts.
final class SideBench {
  let side: TelephonyApplicationSide
  /// What the provider did, as the side tells it.
  private(set) var events: [String] = []
  /// Packets of the caller.
  private(set) var packets: [[UInt8]] = []
  private(set) var stamps: [UInt64?] = []
  private(set) var sequences: [UInt32] = []
  /// What the provider was sent.
  private(set) var sent: [String] = []
  private(set) var sentBinary: [[UInt8]] = []
  /// Whether the connection takes anything.
  var isFull = false
  private(set) var invitation: StartRequest?
  private(set) var returned: [Timestamp] = []

  init(_ wire: CallWire) {
    guard let side = TelephonyApplicationSide(wire) else { preconditionFailure("\(wire) is no provider's") }
    self.side = side
  }

  /// A stream of Twilio that has begun.
  static func twilio() throws(WireFault) -> SideBench {
    let bench = SideBench(.twilio)
    try bench.receive(#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#)
    try bench.receive(twilioStart)
    bench.clear()
    return bench
  }

  static let twilioStart =
    #"{"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"accountSid":"AC1","streamSid":"MZ1","#
    + #""callSid":"CA1","tracks":["inbound"],"customParameters":{"flow":"appointment","voice":"heart","customer":"4711"},"#
    + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}"#

  func clear() {
    (events, packets, stamps, sequences, sent, sentBinary) = ([], [], [], [], [], [])
  }

  @discardableResult
  func receive(_ text: String) throws(WireFault) -> FrameKind { try receive(Array(text.utf8), isText: true) }

  @discardableResult
  func receive(_ bytes: [UInt8], isText: Bool) throws(WireFault) -> FrameKind {
    try bytes.span.bytes.withUnsafeBytes { frame throws(WireFault) in
      try side.receive(frame, isText: isText) { handle($0) }
    }
  }

  private func handle(_ event: WireEvent) {
    switch event {
    case .opened(let invitation):
      self.invitation = invitation.request
      events.append("opened")
    case .audio(let packet, let sequence, let stamp):
      packets.append(Array(packet))
      sequences.append(sequence)
      stamps.append(stamp)
    case .key(let digit): events.append("key \(digit)")
    case .text(let text): events.append("text \(text)")
    case .played(let utterance, let played): events.append("played \(utterance.number) \(played.milliseconds)")
    case .markReturned(let utterance, let played, let due):
      events.append("mark \(utterance.number) \(played.milliseconds)")
      returned.append(due)
    case .hungUp: events.append("hung up")
    case .commanded, .answer, .rated, .asked, .stopped: events.append("not a provider's")
    }
  }

  /// The agent says a packet.
  @discardableResult
  func send(
    _ packet: [UInt8], due: Int = 0, utterance: Int = 1, end: AgentPacket.End = .nothing
  ) -> Bool {
    packet.withUnsafeBytes { bytes in
      let packet = AgentPacket(
        bytes, number: 0, due: .zero + .milliseconds(due), utterance: UtteranceID(utterance), end: end)
      return side.send(packet) { frame in
        guard !isFull else { return false }
        let bytes = Array(frame.header) + Array(frame.payload)
        if frame.isText { sent.append(String(decoding: bytes, as: UTF8.self)) } else { sentBinary.append(bytes) }
        return true
      }
    }
  }

  func send(_ command: WireCommand) { side.send(command) { sent.append($0) } }

  /// A message with audio as Twilio writes it.
  static func media(
    _ payload: String, chunk: Int = 1, timestamp: Int = 0, stream: String = "MZ1", more: String = ""
  ) -> String {
    #"{"event":"media","sequenceNumber":"2","streamSid":"\#(stream)","media":{"track":"inbound","chunk":"\#(chunk)","#
      + #""timestamp":"\#(timestamp)","payload":"\#(payload)"}\#(more)}"#
  }
}
