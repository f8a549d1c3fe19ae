import CallCore
import CallDriver
import Threads

/// What callers' voices said before, for all cases of a process. What it holds changes no result, only the time it takes.
public final class CallerSpeechCache: Sendable {
  struct Key: Hashable {
    var text: String
    var voice: Voice.ID
    var style: SpeakingStyle
  }

  private struct State {
    var sounds: [Key: [Int16]] = [:]
    var samples = 0
  }

  /// 64 MB: half an hour of speech. When it is full it is emptied.
  private static let samplesMax = 32_000_000
  private let state = Locked(State())

  /// An empty cache.
  public init() {}

  subscript(key: Key) -> [Int16]? { state.withLock { $0.sounds[key] } }

  func keep(_ samples: [Int16], for key: Key) {
    guard samples.count <= Self.samplesMax else { return }
    state.withLock { state in
      if state.samples + samples.count > Self.samplesMax { state = State() }
      if state.sounds.updateValue(samples, forKey: key) == nil { state.samples += samples.count }
    }
  }
}
