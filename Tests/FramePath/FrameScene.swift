/// What happens in the frames that are counted.
enum FrameScene: String {
  /// The agent listens to a line on which nobody speaks.
  case listening
  /// The agent speaks, and nobody interrupts it.
  case agent
  /// The caller speaks.
  case caller
}
