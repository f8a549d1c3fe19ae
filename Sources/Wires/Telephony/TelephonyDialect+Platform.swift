import CallCore

/// How the providers' own messages differ.
extension TelephonyDialect {
  /// How the caller's and the bot's audio may travel, the usual way first. Plivo's bots choose it in their XML, and µ-law is what those of
  /// Pipecat choose; Telnyx carries what the line has, which is A-law outside of North America and Japan.
  var streamFormats: [AudioFormat] {
    switch wire {
    case .exotel: [AudioFormat(codec: .pcm16, sampleRate: 8000)]
    case .vonage: [AudioFormat(codec: .pcm16, sampleRate: 16_000)]
    case .telnyx: [AudioFormat(codec: .mulaw, sampleRate: 8000), AudioFormat(codec: .alaw, sampleRate: 8000)]
    default: [AudioFormat(codec: .mulaw, sampleRate: 8000)]
    }
  }

  /// The member that numbers the provider's messages.
  var sequenceKey: String { hasCamelCase ? "sequenceNumber" : "sequence_number" }
  /// Whether counters are JSON numbers, not texts.
  var countsAreNumbers: Bool { wire == .plivo }
  /// Whether a greeting stands before `start`.
  var saysConnected: Bool { wire != .plivo }
  /// The account within `start`; `nil`: it is not named.
  var accountKey: String? {
    switch wire {
    case .twilio: "accountSid"
    case .plivo: "accountId"
    case .exotel: "account_sid"
    default: nil
    }
  }

  /// The numbers of both sides stand in `start`.
  var startNamesNumbers: Bool { wire == .telnyx || wire == .exotel }
  /// Caller's packets of 20 ms in one message.
  var packetsPerCallerMessage: Int { wire == .exotel ? 5 : 1 }
  /// What the format of the stream is called in `start`.
  func encodingName(of codec: AudioCodec) -> String {
    switch wire {
    case .telnyx: codec == .alaw ? "PCMA" : "PCMU"
    case .exotel: "base64"
    default: Self.contentType(of: codec)
    }
  }

  /// What audio is called where it is named by its MIME type.
  static func contentType(of codec: AudioCodec) -> String {
    switch codec {
    case .mulaw: "audio/x-mulaw"
    case .alaw: "audio/x-alaw"
    case .pcm16, .opus: "audio/x-l16"
    }
  }

  /// Whether marks come back when what stands before them is dropped.
  var returnsMarksOnClear: Bool { wire != .plivo && wire != .vonage }
  /// What tells the bot that its audio was dropped; `nil`: its marks do.
  var clearedEvent: String? {
    switch wire {
    case .plivo: "clearedAudio"
    case .vonage: "websocket:cleared"
    default: nil
    }
  }

  /// The member that says what a bot's message is.
  var botEventKey: String { isBinary ? "action" : "event" }
  /// Whether a bot's message may have no member but those that are written down, and must have all of them.
  var isStrict: Bool { wire == .twilio }

  private var hasCamelCase: Bool { wire == .twilio || wire == .plivo }
}
