/// What happens in the frames that are counted.
enum FrameScene: String {
  /// The agent listens to a line on which nobody speaks.
  case listening
  /// The agent speaks, and nobody interrupts it.
  case agent
  /// The caller speaks.
  case caller
  /// The caller speaks in a call in which keys are listened for in the sound.
  case telephone
  /// The caller presses keys, which come as sound.
  case keys

  /// Whether keys are listened for in the sound.
  var hearsKeyTones: Bool { self == .telephone || self == .keys }
}
