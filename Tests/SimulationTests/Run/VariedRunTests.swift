import CallCore
import JSON
import Simulation
import Testing

@Suite("Runs: attempts that vary")
struct VariedRunTests {
  private static func testCase(_ choice: CaseVariation.Choice) throws -> TestCase {
    var testCase = try SampleCalls.testCase("cafe")
    testCase.world.noise = nil
    var values: [CaseVariation.Value] = ["heart", "heart-low", "heart-deep"].map { voice in
      var value = CaseVariation.Value(label: voice)
      value.caller.voice = voice
      return value
    }
    let voices = CaseVariation.Values(.voice, values)
    values = [0, -6].map { level in
      var value = CaseVariation.Value(label: "\(level)")
      value.world.level = level
      return value
    }
    testCase.vary = CaseVariation(choice, [voices, CaseVariation.Values(.level, values)])
    return testCase
  }

  private static func plan(_ choice: CaseVariation.Choice, repeats: Int) throws -> RunPlan {
    var plan = RunPlan(cases: [try testCase(choice)], mode: .text, seed: 1)
    plan.repeats = repeats
    return plan
  }

  @Test("Drawn values go by the call's seed, which replays them; over many attempts each comes")
  func random() throws {
    let plan = try Self.plan(.drawn, repeats: 60)
    #expect(Set(plan.jobs.map(\.testCase.varied)).count == 6)
    let job = plan.jobs[17]
    var again = try Self.plan(.drawn, repeats: 1)
    again.caseSeed = job.seed
    again.attempt = job.attempt
    #expect(again.jobs[0].testCase == job.testCase)
    #expect(plan.replay(job).contains("--case-seed \(job.seed) --attempt 18"))
  }

  @Test("Attempts with one seed have other values all the same")
  func fixedSeed() throws {
    var plan = try Self.plan(.drawn, repeats: 30)
    plan.caseSeed = 7
    #expect(Set(plan.jobs.map(\.testCase.varied)).count == 6)
    #expect(Set(plan.jobs.map(\.seed)) == [7])
  }

  @Test("Values that go by the attempt are replayed with its number")
  func pairs() throws {
    let plan = try Self.plan(.pairs, repeats: 6)
    #expect(Set(plan.jobs.map(\.testCase.varied)).count == 6)
    let job = plan.jobs[4]
    #expect(plan.replay(job).contains("--case-seed \(job.seed) --attempt 5"))
    var again = try Self.plan(.pairs, repeats: 1)
    (again.caseSeed, again.attempt) = (job.seed, 5)
    #expect(again.jobs.map(\.testCase) == [job.testCase])
    #expect(again.jobs[0].attempt == 5)
  }

  @Test("The report says which value failed: in the terminal, as JSON and on the page")
  func report() throws {
    var run = SampleCalls.run(
      try Self.plan(.pairs, repeats: 6), with: VirtualCallRunner(textWith: try SampleCalls.agent()))
    for index in run.results.indices where run.results[index].testCase.caller.voice == "heart-deep" {
      run.results[index].verdict = .failed
    }
    let table = RunTable(run)
    #expect(table.notes.contains("cafe, passed with voice heart: 2 of 2; heart-low: 2 of 2; heart-deep: 0 of 2"))
    #expect(table.notes.contains("cafe, passed with level 0: 2 of 3; -6: 2 of 3"))
    let report = try JSONValue(parsing: JSONReport.bytes(of: run))
    guard case .array(let shares) = report["varied"], case .array(let calls) = report["cases"], shares.count == 5 else {
      Issue.record("the report is without what varied")
      return
    }
    #expect(shares[2]["value"] == .string("heart-deep"))
    #expect(shares[2]["passed"]?.wholeNumber == 0 && shares[2]["ran"]?.wholeNumber == 2)
    #expect(calls.count == 6 && calls.allSatisfy { $0["varied"]?["voice"] != nil })
    run.repeats = 4
    #expect(RunTable(run).notes.contains("cafe: `vary` has 6 rows, of which --repeat 4 held the first"))
    let page = HTMLReport.text(of: run)
    #expect(page.contains("What varied") && page.contains("voice: heart-deep"))
  }

  @Test("A case in which nothing varies has no word of it in any report")
  func plain() throws {
    let run = SampleCalls.run(
      RunPlan(cases: [try SampleCalls.testCase("cafe")], mode: .text, seed: 1),
      with: VirtualCallRunner(textWith: try SampleCalls.agent()))
    #expect(!String(decoding: JSONReport.bytes(of: run), as: UTF8.self).contains("varied"))
    #expect(!HTMLReport.text(of: run).contains("What varied"))
  }
}
