import CallDriver
import Threads

/// What was recognised before, by the samples themselves: a recogniser gives the same words for the same samples.
final class RecognitionMemory: Sendable {
  /// Two independent 64-bit digests of the samples, and their count.
  struct Key: Hashable {
    private let first: UInt64
    private let second: UInt64
    private let count: Int

    init(_ samples: [Int16]) {
      var first: UInt64 = 0xCBF2_9CE4_8422_2325
      var second: UInt64 = 0x9E37_79B9_7F4A_7C15
      for sample in samples {
        let bits = UInt64(UInt16(bitPattern: sample))
        first = (first ^ bits) &* 0x100_0000_01B3
        second = ((second << 5 | second >> 59) ^ bits) &* 0x94D0_49BB_1331_11EB
      }
      (self.first, self.second, count) = (first, second, samples.count)
    }
  }

  /// Turns remembered; when there are more, all are forgotten.
  private static let turnsMax = 50_000
  private let words = Locked<[Key: String]>([:])

  subscript(key: Key) -> String? { words.withLock { $0[key] } }

  func keep(_ text: String, for key: Key) {
    words.withLock { words in
      if words.count >= Self.turnsMax { words.removeAll() }
      words[key] = text
    }
  }
}
