import CallCore
import Testing

@Suite("Call: where sentences end")
struct SentenceSplitterTests {
  @Test(
    "A point of an abbreviation, of a spelled letter or before a number is no end",
    arguments: [
      ["Your visit is on Jan. 5.", "Bring No. 7."], ["Thank you, Jan.", "Goodbye."], ["The answer is no.", "Call us."],
      ["It is Apt. 4B, ext. 12.", "See vol. 2, p. 15."], ["Ask Prof. Brown.", "He knows."],
      ["In Sept. 2024 we met.", "It was 5th Ave. and Main."], ["This is A. T and T now.", "Hello."],
      ["So do I.", "We agree."], ["We are at 5th Ave.", "Please come."],
    ])
  func ends(sentences: [String]) {
    #expect(SentenceSplitter.sentences(of: sentences.joined(separator: " ")) == sentences)
  }

  @Test("A text that comes in pieces is cut at the same places")
  func stream() {
    var stream = SentenceStream()
    #expect(stream.add("Your visit is on Jan. ") == [])
    #expect(stream.add("5. Please ") == ["Your visit is on Jan. 5."])
    #expect(stream.add("come. The answer is no. ") == ["Please come."])
    #expect(stream.add("Bye. ") == ["The answer is no.", "Bye."])
  }
}
