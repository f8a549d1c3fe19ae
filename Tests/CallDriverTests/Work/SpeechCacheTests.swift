import CallCore
import CallDriver
import Testing
import TestSupport

@Suite("The cache of speech")
struct SpeechCacheTests {
  /// 256 bytes of overhead, 740 of sound and 4 for the place of the only packet.
  static let thousandBytes = EncodedSpeech(bytes: [UInt8](repeating: 1, count: 740), packetEnds: [740])

  func key(_ text: String, voice: String = "heart", rate: Int = 16_000) -> SpeechKey {
    SpeechKey(voice: voice, text: SynthesisText(text), format: AudioFormat(codec: .opus, sampleRate: rate))
  }

  @Test("what was kept is found, by voice, text and format, and every look-up is counted")
  func finds() {
    let cache = SpeechCache(byteLimit: 10_000)
    #expect(cache.speech(key("a")) == nil)
    cache.insert(Self.thousandBytes, for: key("a"))
    #expect(cache.speech(key("a")) === Self.thousandBytes)
    #expect(cache.speech(key("b")) == nil)
    #expect(cache.speech(key("a", voice: "other")) == nil)
    #expect(cache.speech(key("a", rate: 8000)) == nil)
    #expect(
      [cache.figures.hits, cache.figures.misses, cache.figures.entries, cache.figures.bytes, cache.figures.evictions]
        == [1, 4, 1, 1000, 0])
  }

  @Test("what was not used for longest makes room")
  func eviction() {
    let cache = SpeechCache(byteLimit: 10_000)
    for number in 0..<10 { cache.insert(Self.thousandBytes, for: key("\(number)")) }
    #expect(cache.figures.evictions == 0)
    _ = cache.speech(key("0"))
    cache.insert(Self.thousandBytes, for: key("new"))
    #expect(cache.figures.evictions == 1)
    #expect(cache.figures.bytes == 10_000)
    #expect(cache.figures.entries == 10)
    #expect(cache.speech(key("1")) == nil)
    for kept in ["0", "2", "9", "new"] { #expect(cache.speech(key(kept)) != nil) }
  }

  @Test("a sentence larger than the cache is not kept, and drives nothing out")
  func tooLarge() {
    let cache = SpeechCache(byteLimit: 2000)
    cache.insert(Self.thousandBytes, for: key("small"))
    cache.insert(EncodedSpeech(bytes: [UInt8](repeating: 1, count: 1741), packetEnds: [1741]), for: key("large"))
    #expect(cache.speech(key("large")) == nil)
    #expect(cache.speech(key("small")) != nil)
    #expect(cache.figures.bytes == 1000)
  }

  @Test("a sentence that is kept again counts once")
  func keptAgain() {
    let cache = SpeechCache(byteLimit: 10_000)
    cache.insert(Self.thousandBytes, for: key("a"))
    cache.insert(EncodedSpeech(bytes: [1], packetEnds: [1]), for: key("a"))
    #expect(cache.figures.bytes == 261)
    #expect(cache.figures.entries == 1)
  }

  @Test("however it is used, it stays within its bytes and its figures add up", arguments: [1, 2, 3])
  func bound(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let cache = SpeechCache(byteLimit: 20_000)
    var looks = 0
    for _ in 0..<3000 {
      let key = key("\(Int.random(in: 0..<50, using: &generator))")
      if Bool.random(using: &generator) {
        let bytes = [UInt8](repeating: 0, count: Int.random(in: 0...3000, using: &generator))
        cache.insert(EncodedSpeech(bytes: bytes, packetEnds: [Int32(bytes.count)]), for: key)
      } else {
        _ = cache.speech(key)
        looks += 1
      }
      #expect(cache.figures.bytes <= 20_000, "seed \(seed)")
    }
    #expect(cache.figures.hits + cache.figures.misses == looks)
    let found = (0..<50).compactMap { cache.speech(key("\($0)")) }
    #expect(found.count == cache.figures.entries)
    #expect(found.reduce(0) { $0 + $1.bytes.count + 260 } == cache.figures.bytes, "seed \(seed)")
  }
}
