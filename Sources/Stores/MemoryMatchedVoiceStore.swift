package import CallCore
import CallDriver
import Threads

/// Matched voices in memory; they are gone when the server stops.
package final class MemoryMatchedVoiceStore: MatchedVoiceStore {
  /// Voices that are kept unless told otherwise: more than anybody lists.
  package static let usualMax = 100

  private let countMax: Int
  private let kept = Locked<[MatchedVoice]>([])

  /// - Parameter countMax: voices that are kept; a further one is refused.
  package init(countMax: Int = usualMax) { self.countMax = countMax }

  /// In the order in which they came.
  package func voices() -> [MatchedVoice] { kept.withLock { $0 } }

  /// Keeps a voice; false when the store is full.
  package func add(_ voice: MatchedVoice) -> Bool {
    kept.withLock { kept in
      guard kept.count < countMax else { return false }
      kept.append(voice)
      return true
    }
  }

  /// Takes a voice away; false when it is not there.
  package func remove(id: Voice.ID) -> Bool {
    kept.withLock { kept in
      guard let index = kept.firstIndex(where: { $0.id == id }) else { return false }
      kept.remove(at: index)
      return true
    }
  }
}
