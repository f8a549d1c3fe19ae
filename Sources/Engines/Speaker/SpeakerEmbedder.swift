import CallCore
import CallDriver

/// Turns a voice into numbers: what two sounds of one person give lies near, what others say lies apart. Safe to share by threads.
protocol SpeakerEmbedder: AnyObject, Sendable {
  /// - Parameter speech: 16 kHz mono.
  /// - Returns: as many numbers for every sound, not all zero.
  func embedding(of speech: [Int16]) throws(EngineError) -> [Float]
}

/// Compares voices by what a `SpeakerEmbedder` makes of them.
final class EmbeddedVoices: SpeakerComparer {
  /// Shortest speech that is compared, in samples: a second. Of one second, one comparison in eight is wrong.
  static let samplesMin = 16_000
  /// What is compared of longer speech, from its start: 10 s, so that no thread is held for long.
  static let samplesMax = 160_000

  let name: String
  private let embedder: any SpeakerEmbedder

  init(_ embedder: any SpeakerEmbedder, name: String) {
    self.embedder = embedder
    self.name = name
  }

  func similarity(of one: [Int16], to other: [Int16]) throws(EngineError) -> Double {
    guard min(one.count, other.count) >= Self.samplesMin else { throw .unsupported("voices in less than a second") }
    let (first, second) = (Array(one.prefix(Self.samplesMax)), Array(other.prefix(Self.samplesMax)))
    return try Self.cosine(embedder.embedding(of: first), embedder.embedding(of: second))
  }

  private static func cosine(_ one: [Float], _ other: [Float]) throws(EngineError) -> Double {
    guard one.count == other.count else { throw .unsupported("a model that gives each voice other numbers") }
    func product(_ one: [Float], _ other: [Float]) -> Double {
      zip(one, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let cosine = product(one, other) / (product(one, one) * product(other, other)).squareRoot()
    guard cosine.isFinite else { throw .unsupported("a model that gives no numbers for a voice") }
    return min(max(cosine, -1), 1)
  }
}
