import CallCore
import Formats
import Testing

@Suite("Recordings with masked digits")
struct DigitMaskTests {
  private static func answer(_ question: ModelRequest, _ deltas: [ModelDelta]) -> ModelRecording.Answer {
    ModelRecording.Answer(
      question: question, occurrence: 0, model: "gpt-4",
      pieces: deltas.map { .init(after: .milliseconds(10), $0) }, fault: nil, endedAfter: .milliseconds(20))
  }

  private static func question(order: String, phone: String) -> ModelRequest {
    var question = ModelRequest([
      .system("You look orders up. It is 2026."),
      .user("Order \(order), and my number is \(phone)."),
      .assistant("", calls: [ModelToolCall(id: "call_8", name: "find2", arguments: #"{"order":"\#(order)"}"#)]),
      .toolResult(id: "call_8", #"{"status":"sent","order":\#(order)}"#),
    ])
    question.tokensMax = 300
    question.stop = ["#\(order)"]
    return question
  }

  private static let asked = question(order: "4711", phone: "555-0147")

  /// Kept, written and read again.
  private static func kept(_ answer: ModelRecording.Answer) throws -> ModelRecording {
    var recording = ModelRecording(testCase: "case7", isMasked: true)
    recording.answers = [recording.kept(answer)]
    return try ModelRecording(parsing: recording.text)
  }

  private static func words(_ answer: ModelRecording.Answer) -> [String] {
    answer.pieces.compactMap { piece in
      switch piece.delta {
      case .text(let text): text
      case .toolCall(let call): call.arguments
      case .finish, .usage: nil
      }
    }
  }

  @Test("have no digit of what was said; names, ids, limits and times stay as they are")
  func file() throws {
    let deltas: [ModelDelta] = [
      .text("Order 47"), .text("11 costs 38 euros."),
      .toolCall(ModelToolCallPiece(index: 0, id: "call_9", name: "find2", arguments: #"{"pin":"90"#)),
      .toolCall(ModelToolCallPiece(index: 0, arguments: #"21"}"#)), .finish(.stop),
      .usage(ModelUsage(promptTokens: 96, answerTokens: 12)),
    ]
    let text = try Self.kept(Self.answer(Self.asked, deltas)).text
    for planted in ["4711", "47", "555", "0147", "38", "9021", "2026"] {
      #expect(!text.contains(planted), "\(planted) in \(text)")
    }
    for rest in [#""masked":true"#, "case7", "call_8", "call_9", "find2", "gpt-4", "300", #""promptTokens":96"#] {
      #expect(text.contains(rest), "no \(rest) in \(text)")
    }
  }

  @Test("say a number of the question again, in as many pieces, and others masked")
  func restored() throws {
    let recording = try Self.kept(
      Self.answer(Self.asked, [.text("Order 47"), .text("11 costs 38 euros, call 555-01"), .text("47 in 2026.")]))
    let found = try #require(recording.answer(to: recording.kept(Self.asked), occurrence: 0))
    let given = recording.given(recording.answers[found.index], to: Self.asked)
    #expect(Self.words(given) == ["Order 47", "11 costs 11 euros, call 555-01", "47 in 2026."])
    #expect(!found.hasDrifted && given.question == Self.asked)
    // The same for a call with other numbers, which it then says.
    let other = Self.question(order: "9999", phone: "123-4567")
    let again = try #require(recording.answer(to: recording.kept(other), occurrence: 0))
    #expect(
      Self.words(recording.given(recording.answers[again.index], to: other))
        == ["Order 99", "99 costs 11 euros, call 123-45", "67 in 2026."])
    #expect(recording.answer(to: recording.kept(Self.question(order: "471", phone: "555-0147")), occurrence: 0) == nil)
  }

  @Test("keep arguments of tools apart from words, and from one another")
  func tools() throws {
    let deltas: [ModelDelta] = [
      .toolCall(ModelToolCallPiece(index: 1, id: "b", name: "say", arguments: #"{"n":47"#)), .text("For 4711: "),
      .toolCall(ModelToolCallPiece(index: 0, id: "a", name: "say", arguments: #"{"n":0147}"#)),
      .toolCall(ModelToolCallPiece(index: 1, arguments: "11}")), .text("50."),
    ]
    let recording = try Self.kept(Self.answer(Self.asked, deltas))
    #expect(
      Self.words(recording.given(recording.answers[0], to: Self.asked))
        == [#"{"n":47"#, "For 4711: ", #"{"n":0147}"#, "11}", "11."])
  }

  @Test("have no digit behind a backslash of a text that is no JSON, nor behind two in JSON")
  func backslashes() throws {
    let text = #"C:\u1234 and \u00fc"#
    let question = ModelRequest([.user(text), .toolResult(id: "a", text)])
    let answer = Self.answer(
      question,
      [
        .text("Look in C:"), .text(#"\u1299"#),
        .toolCall(ModelToolCallPiece(index: 0, id: "a", name: "open", arguments: #"{"at":"C:\\u12"#)),
        .toolCall(ModelToolCallPiece(index: 0, arguments: #"99\\\u00fc"}"#)),
      ])
    let recording = try Self.kept(answer)
    for planted in ["1234", "1299"] { #expect(!recording.text.contains(planted), "\(recording.text)") }
    #expect(
      Self.words(recording.answers[0])
        == ["Look in C:", #"\u1111"#, #"{"at":"C:\\u11"#, #"11\\\u00fc"}"#])
    #expect(
      recording.answers[0].question
        == ModelRequest([.user(#"C:\u1111 and \u11fc"#), .toolResult(id: "a", #"C:\u1111 and \u11fc"#)]))
  }

  @Test(
    "stay JSON, with the letters that are written as escapes",
    arguments: [
      (#"{"name":"J\u00fcrgen 5","at":-0.5e10}"#, #"{"name":"J\u00fcrgen 1","at":-1.1e11}"#),
      (#"\ud83d\ude00 \u0034 7"#, #"\ud83d\ude00 \u0031 1"#), ("12:30, 2030-05-06", "11:11, 1111-11-11"),
      ("٤٧ ４７", "11 11"), ("no digit", "no digit"), (#"\u12"#, #"\u11"#),
    ])
  func escapes(text: String, masked: String) throws {
    var question = ModelRequest([.user("Hello.")])
    question.answerForm = ModelAnswerForm(name: "form", schema: "{}")
    let recording = try Self.kept(Self.answer(question, [.text(text)]))
    #expect(Self.words(recording.given(recording.answers[0], to: question)) == [masked])
  }

  @Test("leave a turn with digits to the recogniser, and mask what a fault says")
  func heard() throws {
    var recording = ModelRecording(testCase: "a", isMasked: true)
    recording.keep(heard: "my number is 555", in: .init(seed: 1, turn: 1))
    recording.keep(heard: "yes please", in: .init(seed: 1, turn: 2))
    #expect(recording.heard == [.init(seed: 1, turn: 2): "yes please"])
    var failed = Self.answer(Self.asked, [])
    failed.fault = ModelFault(.refusedRequest, "the server says no to 4711")
    #expect(recording.kept(failed).fault == ModelFault(.refusedRequest, "the server says no to 1111"))
  }

  @Test("are found where only the place of an interruption differs, and say the right numbers then")
  func drift() throws {
    let before = ModelRequest([.user("I am 4711."), .assistant("Hello 12 and 13 and", calls: []), .user("Is it 38?")])
    let now = ModelRequest([.user("I am 4711."), .assistant("Hello 12", calls: []), .user("Is it 38?")])
    let recording = try Self.kept(Self.answer(before, [.text("Yes, 38 for 4711, not 13.")]))
    let found = try #require(recording.answer(to: recording.kept(now), occurrence: 0))
    #expect(found.hasDrifted)
    #expect(Self.words(recording.given(recording.answers[0], to: now)) == ["Yes, 38 for 4711, not 11."])
  }

  @Test("without a mask keep everything as it was")
  func unmasked() throws {
    let answer = Self.answer(Self.asked, [.text("Order 4711.")])
    var recording = ModelRecording(testCase: "a")
    recording.answers = [recording.kept(answer)]
    #expect(recording.answers == [answer] && recording.kept(Self.asked) == Self.asked)
    #expect(!recording.text.contains("masked") && !recording.text.contains("numbers"))
    recording.keep(heard: "5", in: .init(seed: 1, turn: 1))
    #expect(recording.heard.count == 1)
  }
}
