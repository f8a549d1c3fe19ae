import CallCore
import Testing

@Suite("Call: what is said in other words than the text")
struct SpokenSentenceTests {
  private static func saying(_ text: String) -> CallHarness {
    var harness = CallHarness([[.say(text, interruptible: true), .listen(ListenOptions())]])
    harness.send(.began)
    return harness
  }

  private static func sentences(_ harness: CallHarness) -> [[String]] {
    harness.actions.compactMap { if case .speak(_, let sentences) = $0 { sentences.map(\.words) } else { nil } }
  }

  @Test("The words said go to the engine; the transcript has the text, and the words said beside it")
  func spoken() throws {
    let harness = Self.saying("It costs $10. Shall I go on?")
    #expect(Self.sentences(harness) == [["It costs ten dollars.", "Shall I go on?"]])
    let entry = try #require(harness.call.record.transcript.last)
    #expect(entry.text == "It costs $10. Shall I go on?")
    #expect(entry.spoken == "It costs ten dollars. Shall I go on?")
  }

  @Test("Where the text is what is said, there is nothing beside it")
  func plain() throws {
    let harness = Self.saying("Hello. How can I help?")
    #expect(try #require(harness.call.record.transcript.last).spoken == nil)
  }

  @Test("A sentence of which nothing is said is left out, and one of tags alone is no utterance")
  func silent() {
    #expect(Self.sentences(Self.saying("Hello. <break time='1s'/> Bye.")) == [["Hello.", "Bye."]])
    #expect(Self.sentences(Self.saying("<break time='1s'/>")) == [])
  }

  @Test(
    "What was heard of a text is told by the words said for it: 1.5 s of 1 s a sentence, so half of the second one",
    arguments: [
      ("Well. It costs $49.95 today", "Well. It costs"),
      ("Well. $5 is what it costs here today", "Well. $5 is what"),
      ("Well. One two three four five.", "Well. One two"),
      ("Well. <b>We</b> ask $5 million today please.", "Well. <b>We</b> ask"),
      ("Well. It [costs us](https://example.com/x) $5 here", "Well. It [costs us](https://example.com/x)"),
    ])
  func playedText(text: String, heard: String) throws {
    var harness = Self.saying(text)
    harness.pause(for: .milliseconds(1344))
    harness.speak(for: .milliseconds(160))
    let entry = try #require(harness.call.record.transcript.first { $0.role == .agent })
    #expect(entry.playedText == heard)
    #expect(entry.interrupted)
  }

  @Test(
    "A sentence whose words are too many for an engine is said in parts, and its text counts as heard with the last")
  func parts() throws {
    let text = "The codes are " + Array(repeating: "ID 123456789", count: 20).joined(separator: ", ") + "."
    var harness = Self.saying(text)
    let sentences = try #require(Self.sentences(harness).first)
    #expect(sentences.count > 1)
    #expect(sentences.allSatisfy { $0.unicodeScalars.count <= 450 })
    #expect(harness.call.record.transcript.last?.text == text)
    harness.pause(for: .milliseconds(1344))
    harness.speak(for: .milliseconds(160))
    #expect(harness.call.record.transcript.last { $0.role == .agent }?.playedText == "")
  }
}
