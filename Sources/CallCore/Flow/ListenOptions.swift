/// How to wait for the caller in one state of a flow.
public struct ListenOptions: Sendable, Equatable {
  /// Silence of the caller, after the agent has finished, that counts as no input. 7 s unless the flow says otherwise
  /// (the value that VoiceXML platforms ship with).
  public var noInputAfter: CallDuration = .seconds(7)
  /// Silence that ends the caller's turn, where the state needs another one than `TurnLimits.endOfTurnSilence`: people
  /// pause inside numbers.
  public var endOfTurnSilence: CallDuration?
  /// Number of keys after which the turn is over at once; `nil` means: the terminator or the pause after a key.
  public var keysMax: Int?

  /// The defaults described at the properties.
  public init() {}
}
