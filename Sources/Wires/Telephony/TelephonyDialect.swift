import CallCore

/// How the media streams of telephone providers differ. They carry the same things: a start with the call's names and its format, audio, keys,
/// marks that come back once what was sent before them has been played, an order to drop what is queued, a stop.
/// Sources: the providers' documentation of 2024 to 2026.
struct TelephonyDialect: Sendable {
  /// Which provider's.
  let wire: CallWire
  /// The id of the stream: the member of each message that carries it, or of `start`; `nil`: messages carry none.
  let streamKey: String?
  /// Whether our own messages name the stream.
  let namesStream: Bool
  /// The id of the call within `start`.
  let callKey: String
  /// What the caller's side may add: an object of texts within `start`.
  let parametersKey: String?
  /// The format within `start`, and the rate within that.
  let formatKey: String
  let rateKey: String
  /// The message that brings our audio, and the one that drops what of it is queued.
  let mediaEvent: String
  let clearEvent: String
  /// The message that sets a mark, and the one that says it was reached.
  let markEvent: String
  let reachedEvent: String
  /// Packets of 20 ms in one of our messages.
  let packetsPerMessage: Int
  /// Whether audio travels in binary messages.
  let isBinary: Bool

  /// The dialect of a wire; `nil` for one that is no telephone provider's.
  init?(_ wire: CallWire) {
    switch wire {
    case .voiceforge: return nil
    case .twilio:
      self.init(wire: wire, streamKey: "streamSid", callKey: "callSid", parametersKey: "customParameters")
    case .telnyx:
      self.init(
        wire: wire, streamKey: "stream_id", namesStream: false, callKey: "call_control_id",
        parametersKey: "custom_parameters", formatKey: "media_format", rateKey: "sample_rate")
    case .plivo:
      self.init(
        wire: wire, streamKey: "streamId", callKey: "callId", parametersKey: nil, mediaEvent: "playAudio",
        clearEvent: "clearAudio", markEvent: "checkpoint", reachedEvent: "playedStream")
    case .exotel:
      // Messages below 3,200 bytes, 200 ms, give gaps.
      self.init(
        wire: wire, streamKey: "stream_sid", callKey: "call_sid", parametersKey: "custom_parameters",
        formatKey: "media_format", rateKey: "sample_rate", packetsPerMessage: 10)
    case .vonage:
      self.init(
        wire: wire, streamKey: nil, namesStream: false, callKey: "uuid", parametersKey: nil, isBinary: true)
    }
  }

  private init(
    wire: CallWire, streamKey: String?, namesStream: Bool = true, callKey: String, parametersKey: String?,
    formatKey: String = "mediaFormat", rateKey: String = "sampleRate", mediaEvent: String = "media",
    clearEvent: String = "clear", markEvent: String = "mark", reachedEvent: String = "mark",
    packetsPerMessage: Int = 1, isBinary: Bool = false
  ) {
    self.wire = wire
    self.streamKey = streamKey
    self.namesStream = namesStream
    self.callKey = callKey
    self.parametersKey = parametersKey
    self.formatKey = formatKey
    self.rateKey = rateKey
    self.mediaEvent = mediaEvent
    self.clearEvent = clearEvent
    self.markEvent = markEvent
    self.reachedEvent = reachedEvent
    self.packetsPerMessage = packetsPerMessage
    self.isBinary = isBinary
  }

  /// The codec that a provider means by a name; `nil` for one that is not spoken here.
  /// `base64` is what Exotel calls linear samples.
  static func codec(_ encoding: String) -> AudioCodec? {
    switch encoding.lowercased() {
    case "audio/x-mulaw", "mulaw", "pcmu", "audio/pcmu": .mulaw
    case "audio/x-l16", "audio/l16", "l16", "base64", "raw/slin", "slin": .pcm16
    default: nil
    }
  }
}
