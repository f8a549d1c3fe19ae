import CallCore

/// The words for sorts of noise in files.
enum NoiseWord: String, CaseIterable {
  case white, pink, babble, recording

  /// `nil` for a recording without its file.
  func sort(file: String?) -> CallWorld.Noise.Sort? {
    switch self {
    case .white: .white
    case .pink: .pink
    case .babble: .babble
    case .recording: file.map { .recording($0) }
    }
  }
}
