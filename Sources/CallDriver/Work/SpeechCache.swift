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

  private struct Entry {
    var speech: EncodedSpeech
    var lastUse: UInt64
  }

  private struct State {
    var entries: [SpeechKey: Entry] = [:]
    var uses: UInt64 = 0
    var figures = Figures()
  }

  /// Bytes beside the packets that a sentence costs, by estimate.
  private static let overhead = 256

  private let byteLimit: Int
  private let state = Locked(State())

  /// - Parameter byteLimit: 64 MB is 5 hours of 24 kbit/s speech.
  public init(byteLimit: Int = 64_000_000) { self.byteLimit = byteLimit }

  /// What was made before, if it is still there.
  public func speech(_ key: SpeechKey) -> EncodedSpeech? {
    state.withLock { state in
      guard let entry = state.entries[key] else {
        state.figures.misses += 1
        return nil
      }
      state.uses += 1
      state.figures.hits += 1
      state.entries[key]?.lastUse = state.uses
      return entry.speech
    }
  }

  /// Whether it was made before; counts as no look-up.
  public func holds(_ key: SpeechKey) -> Bool { state.withLock { $0.entries[key] != nil } }

  /// Keeps `speech`; a sentence larger than the whole cache is not kept.
  public func keep(_ speech: EncodedSpeech, for key: SpeechKey) {
    let size = Self.size(of: speech)
    guard size <= byteLimit else { return }
    state.withLock { state in
      state.uses += 1
      let old = state.entries.updateValue(Entry(speech: speech, lastUse: state.uses), forKey: key)
      state.figures.bytes += size - (old.map { Self.size(of: $0.speech) } ?? 0)
      if state.figures.bytes > byteLimit { Self.makeRoom(in: &state, below: byteLimit) }
      state.figures.entries = state.entries.count
    }
  }

  /// See `Figures`.
  public var figures: Figures { state.withLock { $0.figures } }

  private static func size(of speech: EncodedSpeech) -> Int {
    speech.bytes.count + speech.packetEnds.count * 4 + overhead
  }

  /// Drops a tenth at once, so that sorting is rare.
  private static func makeRoom(in state: inout State, below byteLimit: Int) {
    for (key, entry) in state.entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
      guard state.figures.bytes > byteLimit / 10 * 9 else { break }
      state.entries[key] = nil
      state.figures.bytes -= size(of: entry.speech)
      state.figures.evictions += 1
    }
  }
}
