import CallCore
import CallDriver
import Engines
import Glibc
import Testing

/// MiniLM through ONNX Runtime, with the limits of `MeaningRule`.
@Suite("Sentences by their meaning")
struct MeaningContractTests {
  private static let comparer = MiniLMComparer(folder: EngineHarness.folder)

  private func similarity(_ text: String, _ phrase: String) throws -> Similarity {
    try #require(try Self.comparer.similarities(MeaningQuestion(text, phrases: [phrase])).first)
  }

  /// Of onnxruntime 1.28 in Python with the same files, mean over the pieces; another processor rounds otherwise.
  @Test(
    "similarities are those of the reference",
    arguments: [
      ("I want to see a doctor", "I need an appointment with a physician", 683),
      ("I want to see a doctor", "What is the weather tomorrow?", 104),
      ("Your appointment is booked", "I have put you down for Tuesday at nine", 229),
      ("You charged me twice", "I think I was charged two times", 720),
      ("You charged me twice", "You charged me twice", 1000),
    ])
  func reference(text: String, phrase: String, thousandths: Int) throws {
    #expect(abs(try similarity(text, phrase).thousandths - thousandths) <= 20)
  }

  @Test("the same question has the same answer, whatever was asked between, and on eight threads at once")
  func repeatable() async throws {
    let question = MeaningQuestion("could you look at my knee", phrases: LabelledLines.examples.flatMap(\.like))
    let first = try Self.comparer.similarities(question)
    try await withThrowingTaskGroup(of: [Similarity].self) { group in
      for _ in 0..<8 { group.addTask { try Self.comparer.similarities(question) } }
      for try await again in group { #expect(again == first) }
    }
    #expect(first.count == question.phrases.count)
  }

  @Test("texts that no caller says are answered too", arguments: ["", "  ", "?!", "\u{0}", "北京", "🙂", "[CLS]"])
  func oddTexts(text: String) throws {
    _ = try similarity(text, "I want to see a doctor")
  }

  @Test("152 labelled lines: what is taken for an intent is that intent")
  func labelledLines() throws {
    let phrases = LabelledLines.examples.flatMap(\.like)
    var counts = (right: 0, wrong: 0, asked: 0, rejected: 0, taken: 0)
    for line in LabelledLines.all {
      var rest = try Self.comparer.similarities(MeaningQuestion(line.text, phrases: phrases))[...]
      let nearest = LabelledLines.examples.map { example -> Similarity? in
        defer { rest = rest.dropFirst(example.like.count) }
        return rest.prefix(example.like.count).max()
      }
      let choice = MeaningRule.choice(nearest).map { LabelledLines.examples[$0.index].intent }
      switch (line.intent, choice) {
      case (nil, nil): counts.rejected += 1
      case (nil, _?): counts.taken += 1
      case (_?, nil): counts.asked += 1
      case (let meant?, let chosen?) where meant == chosen: counts.right += 1
      default: counts.wrong += 1
      }
    }
    print(
      "meaning: of \(LabelledLines.all.count) lines \(counts.right) understood, \(counts.asked) asked again, \(counts.wrong) taken for "
        + "another intent; of those without an intent \(counts.rejected) found so, \(counts.taken) taken for one")
    // 83, 28, 5; 35, 1 as measured. Another processor may round a line over a limit.
    #expect(counts.right >= 78 && counts.wrong <= 7 && counts.taken <= 3)
    #expect(counts.right + counts.wrong + counts.asked >= 110 && counts.rejected + counts.taken >= 30)
  }

  @Test("60 labelled pairs: `similar-in-meaning` finds most that say the same, and none that does not")
  func labelledPairs() throws {
    func found(_ pairs: [(String, String)]) throws -> Int {
      try pairs.filter { try similarity($0.0, $0.1) >= MeaningRule.sameMeaning }.count
    }
    let (same, different) = (try found(LabelledPairs.same), try found(LabelledPairs.different))
    print("meaning: of 30 pairs that say the same \(same) found, of 30 others \(different)")
    #expect(same >= 22 && different <= 1)  // 24 and 0 as measured
    #expect(try found(LabelledPairs.blindSpots) == LabelledPairs.blindSpots.count, "the guide warns of these")
  }

  @Test("nothing is loaded before it is asked for, and nothing that is missing is taken for installed")
  func loading() throws {
    let comparer = MiniLMComparer(folder: EngineHarness.folder)
    #expect(comparer.isInstalled && !comparer.isLoaded)
    try comparer.prepare([])
    #expect(!comparer.isLoaded)
    try comparer.prepare(["Hello."])
    #expect(comparer.isLoaded)
    let missing = MiniLMComparer(folder: EngineFolder(path: "/nonexistent/engines"))
    #expect(!missing.isInstalled)
    #expect(throws: EngineError.modelUnavailable(path: "/nonexistent/engines/minilm/vocab.txt")) {
      try missing.prepare(["Hello."])
    }
  }

  /// CPU time of this thread: what other tests do is no matter.
  @Test("prints what an utterance costs")
  func cost() throws {
    let phrases = LabelledLines.examples.flatMap(\.like)
    try Self.comparer.prepare(phrases)
    var before = timespec()
    var after = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
    for line in LabelledLines.all.prefix(50) {
      _ = try Self.comparer.similarities(MeaningQuestion(line.text, phrases: phrases))
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
    let nanoseconds = (after.tv_sec - before.tv_sec) * 1_000_000_000 + after.tv_nsec - before.tv_nsec
    print("meaning: \(nanoseconds / 50_000) µs of a core for an utterance among \(phrases.count) phrases")
    #expect(nanoseconds > 0)
  }
}
