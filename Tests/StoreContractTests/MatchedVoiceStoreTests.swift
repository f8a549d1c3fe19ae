import CallCore
import CallDriver
import Stores
import Testing

@Suite("Stores of matched voices")
struct MatchedVoiceStoreTests {
  private func voice(_ number: Int) -> MatchedVoice {
    MatchedVoice(
      id: "matched-\(number)", name: "Voice \(number)", shape: .plain, pitchHz: 100 + number, recording: .seconds(5),
      createdAtUnixMicroseconds: Int64(number))
  }

  @Test("keeps voices in their order, up to its limit, and lets them go")
  func bounds() throws {
    let store: any MatchedVoiceStore = MemoryMatchedVoiceStore(countMax: 2)
    #expect(try store.voices().isEmpty)
    #expect(try store.add(voice(1)))
    #expect(try store.add(voice(2)))
    #expect(try !store.add(voice(3)))
    #expect(try store.voices().map(\.id) == ["matched-1", "matched-2"])
    #expect(try store.remove(id: "matched-1"))
    #expect(try !store.remove(id: "matched-1"))
    #expect(try store.add(voice(3)))
    #expect(try store.voices().map(\.id) == ["matched-2", "matched-3"])
  }

  @Test("the gender of a matched voice is told by its pitch, and not where that says nothing")
  func gender() {
    let genders = [120, 160, 210].map { pitch in
      var voice = voice(1)
      voice.pitchHz = pitch
      return voice.voice.gender
    }
    #expect(genders == ["male", "neutral", "female"])
  }
}
