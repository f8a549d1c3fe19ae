import CallCore

/// How the media streams of telephone providers differ. They carry the same things: a start with the call's names and its format, audio, keys,
/// marks that come back once what was sent before them has been played, an order to drop what is queued, a stop.
/// Sources: the providers' documentation of 2024 to 2026.
struct TelephonyDialect: Sendable {
  /// Which provider's.
  var wire: CallWire
  /// The id of the stream: the member of each message that carries it, or of `start`; `nil`: messages carry none.
  var streamKey: String?
  /// Whether our own messages name the stream.
  var namesStream = true
  /// The id of the call within `start`.
  var callKey: String
  /// What the caller's side may add: an object of texts within `start`.
  var parametersKey: String?
  /// The format within `start`, and the rate within that.
  var formatKey = "mediaFormat"
  var rateKey = "sampleRate"
  /// The message that brings our audio, and the one that drops what of it is queued.
  var mediaEvent = "media"
  var clearEvent = "clear"
  /// The message that sets a mark, and the one that says it was reached.
  var markEvent = "mark"
  var reachedEvent = "mark"
  /// Packets of 20 ms in one of our messages.
  var packetsPerMessage = 1
  /// Whether audio travels in binary messages.
  var isBinary = false

  /// The codec that a provider means by a name; `nil` for one that is not spoken here.
  /// `base64` is what Exotel calls linear samples.
  static func codec(_ encoding: String) -> AudioCodec? {
    switch encoding.lowercased() {
    case "audio/x-mulaw", "mulaw", "pcmu", "audio/pcmu": .mulaw
    case "audio/x-alaw", "alaw", "pcma", "audio/pcma": .alaw
    case "audio/x-l16", "audio/l16", "l16", "base64", "raw/slin", "slin": .pcm16
    default: nil
    }
  }
}

extension TelephonyDialect {
  /// The dialect of a wire; `nil` for one that is no telephone provider's.
  init?(_ wire: CallWire) {
    switch wire {
    case .voiceforge, .realtime, .legacy, .rtvi: return nil
    case .twilio:
      self.init(wire: wire, streamKey: "streamSid", callKey: "callSid", parametersKey: "customParameters")
    case .telnyx:
      self.init(
        wire: wire, streamKey: "stream_id", namesStream: false, callKey: "call_control_id",
        parametersKey: "custom_parameters", formatKey: "media_format", rateKey: "sample_rate")
    case .plivo:
      self.init(
        wire: wire, streamKey: "streamId", callKey: "callId", mediaEvent: "playAudio",
        clearEvent: "clearAudio", markEvent: "checkpoint", reachedEvent: "playedStream")
    case .exotel:
      // Messages below 3,200 bytes, 200 ms, give gaps.
      self.init(
        wire: wire, streamKey: "stream_sid", callKey: "call_sid", parametersKey: "custom_parameters",
        formatKey: "media_format", rateKey: "sample_rate", packetsPerMessage: 10)
    case .vonage:
      self.init(
        wire: wire, streamKey: nil, namesStream: false, callKey: "uuid", isBinary: true)
    }
  }
}
