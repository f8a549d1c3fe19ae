import CallCore
import CallDriver
import Simulation
import Testing

/// `similar-in-meaning`, with similarities as a model would give them.
@Suite("What is similar in meaning")
struct MeaningExpectationTests {
  /// Knows what some phrases are like, whatever they are compared with.
  private final class Given: MeaningComparer {
    let similarities: [String: Int]
    init(_ similarities: [String: Int]) { self.similarities = similarities }

    func similarities(_ question: MeaningQuestion) throws(EngineError) -> [Similarity] {
      question.phrases.map { Similarity(thousandths: similarities[$0] ?? 0) }
    }
    func prepare(_ phrases: [String]) throws(EngineError) {}
    var isInstalled: Bool { true }
  }

  private func result(
    _ expectation: Expected, reply: String = "All right. You are down for nine.",
    _ meaning: (any MeaningComparer)?
  ) -> CheckResult? {
    var call = StagedCall()
    call.caller(.say([.words("nine please")]), 2000, 3000, expecting: [expectation])
    call.agent(reply, turn: 1, 3600, 5000)
    return call.judged(by: meaning).turns.flatMap(\.checks).first { $0.kind == .similarInMeaning }
  }

  @Test("the nearest sentence decides, or the whole reply; the score stands in the verdict")
  func nearestSentence() throws {
    let expected = Expected(.similarInMeaning("The visit is booked"))
    let whole = "All right. You are down for nine."
    let met = try #require(
      result(expected, Given(["All right.": 100, "You are down for nine.": 450, whole: 300])))
    #expect(met.verdict == .passed && met.actual == "0.45: “You are down for nine.”")
    #expect(met.similarity == Similarity(thousandths: 450))
    #expect(met.expected == "at least 0.45 like “The visit is booked” in meaning")
    let missed = try #require(result(expected, Given(["You are down for nine.": 449, whole: 440])))
    #expect(missed.verdict == .failed && missed.actual == "0.44: “You are down for nine.”")
    #expect(try #require(result(expected, Given([whole: 700]))).verdict == .passed)
  }

  @Test("`never` is the opposite")
  func never() throws {
    let never = Expected(.similarInMeaning("We are closed"), isAbsent: true)
    #expect(try #require(result(never, Given([:]))).verdict == .passed)
    let said = try #require(result(never, Given(["You are down for nine.": 800])))
    #expect(said.verdict == .failed && said.expected.hasPrefix("not: "))
  }

  @Test("without a model neither the expectation nor its opposite is met, and the report says why")
  func withoutModel() throws {
    for isAbsent in [false, true] {
      let check = try #require(result(Expected(.similarInMeaning("Hello"), isAbsent: isAbsent), nil))
      #expect(check.verdict == .invalid && check.actual.hasPrefix("not compared: "))
    }
  }
}
