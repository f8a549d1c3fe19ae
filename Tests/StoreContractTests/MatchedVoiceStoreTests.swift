import CallCore
import CallDriver
import Testing

@Suite("Stores of matched voices")
struct MatchedVoiceStoreTests {
  private func voice(_ number: Int) -> MatchedVoice {
    MatchedVoice(
      id: "matched-\(number)", name: "Voice \(number)", shape: .plain, pitchHz: 100 + number, recording: .seconds(5),
      createdAtUnixMicroseconds: Int64(number))
  }

  @Test("a voice comes back as it was, to the last digit of its factors", arguments: MatchedVoiceStoreFactory.all)
  func roundTrip(factory: MatchedVoiceStoreFactory) throws {
    let store = try factory.store()
    let factors = [0.1 + 0.2, 1, 1.0 / 3, 0.7.nextUp, 1.45.nextDown, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    let voices = factors.enumerated().map { index, factor in
      MatchedVoice(
        id: "matched-\(index)", name: "Zoë's \"voice\" 😀",
        shape: VoiceShape(pitch: factor, formants: -factor, pace: factors[0]), pitchHz: 187,
        recording: .microseconds(5_123_457),
        similarity: index == 0 ? nil : VoiceSimilarity(thousandths: index * 166, model: "voicefilter-lite"),
        createdAtUnixMicroseconds: 1_763_696_700_123_457)
    }
    for voice in voices { #expect(try store.add(voice)) }
    #expect(try store.voices() == voices)
  }

  @Test("keeps voices in their order, up to its limit, and lets them go", arguments: MatchedVoiceStoreFactory.all)
  func bounds(factory: MatchedVoiceStoreFactory) throws {
    let store = try factory.store(entriesMax: 2)
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
