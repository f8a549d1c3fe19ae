import Bounds
public import CallCore
import Threads

/// Encoded speech that was made before, bounded by bytes: what was not used for longest goes first. Safe to use from several
/// threads; a look-up happens once a sentence, not once a packet.
public final class SpeechCache: Sendable {
  /// What the cache did since the start, for `/metrics`.
  public struct Figures: Sendable, Equatable {
    /// Look-ups that found something.
    public var hits = 0
    /// Look-ups that found nothing.
    public var misses = 0
    /// Sentences that had to make room.
    public var evictions = 0
    /// Bytes held now.
    public var bytes = 0
    /// Sentences held now.
    public var entries = 0
  }

  private struct State {
    var store: BoundedStore<SpeechKey, EncodedSpeech>
    var hits = 0
    var misses = 0
  }

  /// Bytes beside the packets that a sentence costs, by estimate.
  private static let overhead = 256

  private let state: Locked<State>

  /// - Parameter byteLimit: 64 MB is 5 hours of 24 kbit/s speech.
  public init(byteLimit: Int = 64_000_000) { state = Locked(State(store: BoundedStore(bytesMax: byteLimit))) }

  /// What was made before, if it is still there.
  public func speech(_ key: SpeechKey) -> EncodedSpeech? {
    state.withLock { state in
      let speech = state.store.use(key)
      if speech == nil { state.misses += 1 } else { state.hits += 1 }
      return speech
    }
  }

  /// Whether it was made before; counts as no look-up.
  public func holds(_ key: SpeechKey) -> Bool { state.withLock { $0.store[key] != nil } }

  /// Keeps `speech`; a sentence larger than the whole cache is not kept.
  public func insert(_ speech: EncodedSpeech, for key: SpeechKey) {
    let size = speech.bytes.count + speech.packetEnds.count * 4 + Self.overhead
    state.withLock { state in
      guard size <= state.store.bytesMax else { return }
      _ = state.store.use(key)
      state.store.put(speech, for: key, bytes: size)
    }
  }

  /// What it did and holds.
  public var figures: Figures {
    state.withLock {
      Figures(
        hits: $0.hits, misses: $0.misses, evictions: $0.store.evicted, bytes: $0.store.bytes, entries: $0.store.count)
    }
  }
}

/// What makes two pieces of encoded speech the same.
public struct SpeechKey: Sendable, Hashable {
  /// Whose voice.
  public var voice: Voice.ID
  /// One sentence, and how it is spoken.
  public var text: SynthesisText
  /// How it is encoded.
  public var format: AudioFormat

  package init(voice: Voice.ID, text: SynthesisText, format: AudioFormat) {
    self.voice = voice
    self.text = text
    self.format = format
  }
}
