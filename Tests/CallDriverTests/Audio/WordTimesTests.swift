import CallDriver
import Testing

@Suite("Times of words, estimated")
struct WordTimesTests {
  /// Sound for the milliseconds at even places, near silence for those at odd ones.
  private func sound(_ milliseconds: [Int], noise: Int = 3) -> [Int16] {
    var state: UInt32 = 1
    return milliseconds.enumerated().flatMap { index, length in
      let peak = index.isMultiple(of: 2) ? 8000 : noise
      return (0..<length * 16).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return Int16(Int(state >> 16) % (2 * peak + 1) - peak)
      }
    }
  }

  /// In milliseconds.
  private func times(_ text: String, _ samples: [Int16]) -> [String] {
    WordTimes.estimate(text, in: samples[...]).map { word, range in
      "\(word) \(range.lowerBound / 16)-\(range.upperBound / 16)"
    }
  }

  @Test("words stand in the voice between pauses, to a frame of 10 ms", arguments: [3, 300])
  func pauses(noise: Int) {
    let samples = sound([0, 250, 300, 200, 300, 400, 500, 250], noise: noise)
    #expect(times("Yes, two more.", samples) == ["Yes 250-550", "two 750-1050", "more 1450-1950"])
  }

  @Test("words of one breath share its time by their letters; digits count as they are said")
  func shares() {
    // 2 more than the letters each: 5, 5, 10.
    #expect(times("the cat answered", sound([2000])) == ["the 0-500", "cat 500-1000", "answered 1000-2000"])
    // "twenty", 6 letters, as long as "twelve".
    #expect(times("twelve 20", sound([1600])) == ["twelve 0-800", "20 800-1600"])
  }

  @Test("a pause falls where the words before it fit the time best, rather behind a comma")
  func fit() {
    let short = times("no I would like to leave", sound([200, 300, 1400]))
    #expect(short.first == "no 0-200" && short[1].hasPrefix("I 500-"))
    // Cut in the middle by length alone; the comma decides.
    let marked = times("one two three, four five six", sound([1000, 300, 1200]))
    #expect(marked[2].hasSuffix("-1000") && marked[3].hasPrefix("four 1300-"))
  }

  @Test("gaps of less than 120 ms are part of a word, clicks of less than 50 ms are none")
  func gaps() {
    #expect(times("butter", sound([300, 100, 300])) == ["butter 0-700"])
    #expect(times("yes", sound([20, 500, 400])) == ["yes 520-920"])
  }

  @Test("more stretches of voice than words: those nearest to each other are one word")
  func hesitation() {
    #expect(times("well yes", sound([300, 600, 200, 150, 300])) == ["well 0-300", "yes 900-1550"])
  }

  @Test("no words, signs alone, no sound, and silence")
  func nothing() {
    #expect(times("", sound([500])).isEmpty && times("… – !", sound([500])).isEmpty)
    #expect(times("a b", []) == ["a 0-0", "b 0-0"])
    #expect(times("a b", [Int16](repeating: 0, count: 16_000)) == ["a 0-500", "b 500-1000"])
    #expect(times("a", sound([3])) == ["a 0-3"])
  }

  @Test("a part of a longer sound keeps its places; loudness changes nothing")
  func slice() {
    let samples = sound([0, 1000, 400, 300, 400])
    let part = WordTimes.estimate("yes, sir", in: samples[8000...])
    #expect(part.map(\.range) == [16_000..<22_400, 27_200..<33_600])
    let quiet = samples.map { $0 / 8 }
    #expect(WordTimes.estimate("yes, sir", in: quiet[8000...]).map(\.range) == part.map(\.range))
  }

  @Test("whatever the words and the sound, times are in order and within it")
  func random() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let lengths = (0..<Int.random(in: 1...9, using: &generator)).map { _ in Int.random(in: 1...900, using: &generator)
      }
      let words = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
        String(repeating: "x", count: Int.random(in: 1...9, using: &generator))
          + (Bool.random(using: &generator) ? "," : "")
      }
      let samples = sound(lengths)
      let found = WordTimes.estimate(words.joined(separator: " "), in: samples[...])
      let edges = found.flatMap { [$0.range.lowerBound, $0.range.upperBound] }
      #expect(found.count == words.count && edges == edges.sorted(), "\(lengths) \(words)")
      #expect(edges.first ?? 0 >= 0 && edges.last ?? 0 <= samples.count)
    }
    // So many words that nobody said them.
    let many = Array(repeating: "word", count: 50_000).joined(separator: " ")
    #expect(WordTimes.estimate(many, in: sound([500, 300, 500])[...]).count == 50_000)
  }
}
