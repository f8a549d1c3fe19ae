/// Both sides of a call as samples: 16 kHz mono, all on one clock that begins with the call. Tracks may differ in length; what is
/// missing at the end is silence.
public struct CallTracks: Sendable, Equatable {
  /// The caller's own voice, before noise and echo are added.
  public var voice: [Int16]
  /// What the caller's microphone gave to the codec: voice, noise, echo and telephone band.
  public var microphone: [Int16]
  /// The agent as the caller heard it; what was cleared before it was played is not here.
  public var agent: [Int16]

  /// Samples per second of every track.
  public static let sampleRate = 16_000

  /// See the properties.
  public init(voice: [Int16], microphone: [Int16], agent: [Int16]) {
    self.voice = voice
    self.microphone = microphone
    self.agent = agent
  }
}
