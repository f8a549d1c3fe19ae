import CallCore
import CallDriver

/// A call as a sound file.
public enum CallSound {
  /// Both sides as a WAV file: 16 kHz, 16 bit, stereo; the caller's microphone left, the agent as the caller heard it right. The
  /// shorter side ends in silence.
  public static func wav(of tracks: CallTracks) -> [UInt8] {
    var both = [Int16](repeating: 0, count: frames(of: tracks) * 2)
    for (index, sample) in tracks.microphone.enumerated() { both[index * 2] = sample }
    for (index, sample) in tracks.agent.enumerated() { both[index * 2 + 1] = sample }
    return WAVFile.bytes(samples: both, channels: 2, sampleRate: CallTracks.sampleRate)
  }

  /// Size of that file: 44 bytes of head and 64 KB for each second.
  static func wavBytes(of tracks: CallTracks) -> Int { 44 + frames(of: tracks) * 4 }

  /// Length of the longer side.
  static func duration(of tracks: CallTracks) -> CallDuration {
    .microseconds(Int64(frames(of: tracks)) * 1_000_000 / Int64(CallTracks.sampleRate))
  }

  private static func frames(of tracks: CallTracks) -> Int { max(tracks.microphone.count, tracks.agent.count) }
}
