/// What a wire carries besides sound.
public struct WireCapabilities: OptionSet, Sendable, Hashable {
  /// One bit for each.
  public let rawValue: Int

  /// What these bits stand for.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// What the agent says, as text. Without it, its words are recognised from its track.
  public static let agentText = WireCapabilities(rawValue: 1)
  /// What the agent understood of the caller.
  public static let understanding = WireCapabilities(rawValue: 2)
  /// The states that its flow enters.
  public static let states = WireCapabilities(rawValue: 4)
  /// What it took down.
  public static let slots = WireCapabilities(rawValue: 8)
  /// What the call came to, and why the agent ended it.
  public static let outcome = WireCapabilities(rawValue: 16)
  /// The caller's keys reach it.
  public static let keys = WireCapabilities(rawValue: 32)
  /// Which tools it calls.
  public static let toolCalls = WireCapabilities(rawValue: 64)
  /// With what arguments.
  public static let toolArguments = WireCapabilities(rawValue: 128)
}

extension CallWire {
  /// What a caller can learn over it. A telephone provider's media stream carries sound and keys alone.
  public var capabilities: WireCapabilities {
    switch self {
    case .voiceforge: [.agentText, .understanding, .states, .slots, .outcome, .keys, .toolCalls]
    case .realtime: [.agentText, .understanding, .toolCalls, .toolArguments]
    case .legacy: [.agentText, .understanding]
    case .rtvi: [.agentText, .understanding, .keys, .toolCalls, .toolArguments]
    case .twilio, .telnyx, .plivo, .exotel, .vonage: .keys
    }
  }
}
