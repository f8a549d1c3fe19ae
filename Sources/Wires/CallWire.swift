/// A protocol that carries one call over one WebSocket. The raw value stands in the call's record.
public enum CallWire: String, Sendable, CaseIterable {
  /// Our own: `Documentation.docc/Wire.md`.
  case voiceforge
  /// Twilio Media Streams.
  case twilio
  /// Telnyx media streaming, both ways by RTP.
  case telnyx
  /// Plivo audio streaming.
  case plivo
  /// Exotel AgentStream.
  case exotel
  /// WebSockets of Vonage's Voice API.
  case vonage
  /// OpenAI's Realtime protocol: `Documentation.docc/RealtimeServer.md`.
  case realtime
  /// JSON with audio in pieces of any length: `Documentation.docc/JSONWire.md`.
  case legacy
  /// RTVI, by which clients speak to bots of Pipecat; only the caller's end.
  case rtvi

  /// Those of telephone providers.
  public static let telephony: [CallWire] = [.twilio, .telnyx, .plivo, .exotel, .vonage]

  /// Those whose calls may come from telephones that send keys as sound: of telephone providers, and those that have no message for a key.
  public static let keysInSound: [CallWire] = telephony + [.realtime, .legacy]

  /// Whether the key comes in the first message, not with the handshake.
  public var bringsKeyInMessage: Bool { self == .legacy }

  /// Whose it is, for people.
  public var providerName: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
