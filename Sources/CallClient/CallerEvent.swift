public import CallCore
public import Wires

/// What happens in a scripted caller's call, as it happens.
public enum CallerEvent: Sendable {
  /// The server sent this.
  case message(ServerMessage)
  /// The caller begins its turn of this number, counting from 1.
  case began(turn: Int, label: String)
  /// The agent became audible: how long after the end of the caller's last sound, measured here on the audio itself.
  case answered(turn: Int, after: CallDuration)
  /// The call is over.
  case finished(CallerReport)
}
