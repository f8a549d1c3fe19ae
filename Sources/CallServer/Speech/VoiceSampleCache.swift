import CallCore
import CallDriver
import Threads

/// Samples of voices as WAV, bounded in bytes: the one not asked for longest goes first.
final class VoiceSampleCache: Sendable {
  private struct State {
    /// The one asked for last stands last.
    var samples: [(id: Voice.ID, file: [UInt8])] = []
    var bytes = 0
  }

  private let bytesMax: Int
  private let state = Locked(State())

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// Bytes that are kept.
  var bytes: Int { state.withLock { $0.bytes } }

  subscript(id: Voice.ID) -> [UInt8]? {
    state.withLock { state in
      guard let index = state.samples.firstIndex(where: { $0.id == id }) else { return nil }
      let sample = state.samples.remove(at: index)
      state.samples.append(sample)
      return sample.file
    }
  }

  /// One that is larger than the whole cache is not kept.
  func keep(_ file: [UInt8], of id: Voice.ID) {
    guard file.count <= bytesMax else { return }
    state.withLock { state in
      guard !state.samples.contains(where: { $0.id == id }) else { return }
      state.samples.append((id, file))
      state.bytes += file.count
      while state.bytes > bytesMax { state.bytes -= state.samples.removeFirst().file.count }
    }
  }
}
