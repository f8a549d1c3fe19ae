public import CallCore
import JSON

/// `ready`: the call is up, and this was agreed.
public struct ReadyNotice: Sendable, Equatable {
  /// The call's id in the history.
  public var callID: String
  /// How both sides write audio.
  public var codec: AudioCodec
  /// Samples per second.
  public var sampleRate: Int
  /// Name of the flow.
  public var flow: String
  /// Id of the agent's voice.
  public var voice: String

  /// All values as described at the properties.
  public init(callID: String, codec: AudioCodec, sampleRate: Int, flow: String, voice: String) {
    self.callID = callID
    self.codec = codec
    self.sampleRate = sampleRate
    self.flow = flow
    self.voice = voice
  }

  init(_ fields: JSONFields) throws(WireFault) {
    callID = try fields.text("callId")
    codec = try fields.choice("codec", of: AudioCodec.allCases)
    sampleRate = try fields.number("sampleRate", 1...Int(Int32.max))
    flow = try fields.text("flow")
    voice = try fields.text("voice")
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("callId", callID)
    writer.field("codec", codec.rawValue)
    writer.field("sampleRate", sampleRate)
    writer.field("flow", flow)
    writer.field("voice", voice)
  }
}
