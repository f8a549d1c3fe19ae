import CallCore
import Formats
import Testing

@Suite("Recordings of what a language model said")
struct ModelRecordingTests {
  private static func answer(
    _ messages: [ModelMessage], _ texts: String..., occurrence: Int = 0, fault: ModelFault? = nil
  ) -> ModelRecording.Answer {
    ModelRecording.Answer(
      question: ModelRequest(messages), occurrence: occurrence, model: "scripted",
      pieces: texts.enumerated().map { .init(after: .milliseconds(100 * ($0 + 1)), .text($1)) }, fault: fault,
      endedAfter: .milliseconds(900))
  }

  private static let recording: ModelRecording = {
    var recording = ModelRecording(testCase: "book")
    recording.answers = [
      answer([.user("Hi"), .assistant("Hello, who is it?", calls: []), .user("Ada")], "Good ", "day."),
      answer([.user("Hi")], "Hello."), answer([.user("Hi")], fault: ModelFault(.stalled, "stands still")),
    ]
    recording.answers[2].occurrence = 1
    recording.heard = [.init(seed: .max, turn: 2): "Ada", .init(seed: 7, turn: 1): "Hi \"there\""]
    return recording
  }()

  @Test("are read as they were written, and written the same whatever order things were recorded in")
  func roundTrip() throws {
    let text = Self.recording.text
    let again = try ModelRecording(parsing: text)
    #expect(again.text == text)
    #expect(again.heard == Self.recording.heard)
    #expect(Set(again.answers.map(\.occurrence)) == [0, 1])
    var turned = Self.recording
    turned.answers.reverse()
    #expect(turned.text == text)
  }

  @Test("find an answer by its question and by how often that was asked")
  func find() throws {
    let recording = Self.recording
    #expect(recording.answer(to: ModelRequest([.user("Hi")]), occurrence: 0)?.index == 1)
    #expect(recording.answer(to: ModelRequest([.user("Hi")]), occurrence: 1)?.index == 2)
    #expect(recording.answer(to: ModelRequest([.user("Hi")]), occurrence: 2) == nil)
    #expect(recording.answer(to: ModelRequest([.user("hi")]), occurrence: 0) == nil)
    var other = ModelRequest([.user("Hi")])
    other.tokensMax = 5
    #expect(recording.answer(to: other, occurrence: 0) == nil)
  }

  @Test("find it, and say so, where the agent was interrupted a word sooner or later and nothing else differs")
  func drift() throws {
    for heard in ["Hello, who", "Hello, who is it? And"] {
      let found = Self.recording.answer(
        to: ModelRequest([.user("Hi"), .assistant(heard, calls: []), .user("Ada")]), occurrence: 0)
      #expect(found?.index == 0 && found?.hasDrifted == true)
    }
    for messages: [ModelMessage] in [
      [.user("Hi"), .assistant("Hallo", calls: []), .user("Ada")],
      [.user("Hi"), .assistant("Hello, who", calls: []), .user("Ida")],
      [.user("Hi"), .assistant("Hello, who", calls: [ModelToolCall(id: "1", name: "x", arguments: "")]), .user("Ada")],
    ] { #expect(Self.recording.answer(to: ModelRequest(messages), occurrence: 0) == nil) }
  }

  @Test(
    "say what differs from the question that is most like a new one",
    arguments: [
      (
        [.user("Hi"), .assistant("Hello, who is it?", calls: []), .user("Ida")],
        "message 3 was user \"Ada\" and is user \"Ida\""
      ),
      ([.user("Hi")], "it is asked more often than before"),
      ([.user("Hi"), .user("there")], "message 2 was assistant \"Hello, who is it?\" and is user \"there\""),
      (
        [.user("Hi"), .assistant("Hello, who is it?", calls: []), .user("Ada"), .user("there")],
        "behind message 3 there is user \"there\" now"
      ),
      ([.user("Ho")], "message 1 was user \"Hi\" and is user \"Ho\""),
    ] as [([ModelMessage], String)])
  func differences(messages: [ModelMessage], says: String) {
    #expect(Self.recording.difference(from: ModelRequest(messages)) == says)
  }

  @Test("say so when there are none")
  func empty() {
    #expect(ModelRecording(testCase: "a").difference(from: ModelRequest([.user("Hi")])) == "nothing is recorded")
  }

  @Test(
    "that are damaged are refused with the line and what is wrong with it",
    arguments: [
      ("", 1, "empty"), ("{}\n", 1, "format"),
      ("{\"format\":\"other/1\",\"case\":\"a\"}\n", 1, "voiceforge-model-recording/1"),
      ("HEAD\n{\n", 2, "no JSON"), ("HEAD\n{}\n", 2, "question"),
      ("HEAD\n{\"heard\":\"a\",\"seed\":\"x\",\"turn\":1}\n", 2, "seed"),
      ("HEAD\n\n{\"heard\":\"a\",\"seed\":\"1\",\"turn\":0}\n", 3, "turn"),
      ("HEAD\n{\"question\":{\"messages\":[{\"role\":\"king\",\"text\":\"\"}]}}\n", 2, "role"),
    ])
  func damaged(text: String, line: Int, says: String) {
    let head = #"{"format":"voiceforge-model-recording/1","case":"a"}"#
    let fault = #expect(throws: ModelRecording.Fault.self) {
      try ModelRecording(parsing: text.replacing("HEAD", with: head))
    }
    #expect(fault?.line == line && fault?.why.contains(says) == true, "\(String(describing: fault))")
  }
}
