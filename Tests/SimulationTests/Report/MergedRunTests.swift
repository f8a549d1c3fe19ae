import CallCore
import JSON
import Simulation
import Testing

@Suite("Shards of a run, and what becomes of them")
struct MergedRunTests {
  /// A vain expectation, a case that varies, and others; four attempts each.
  private static func plan(repeats: Int = 4) throws -> RunPlan {
    var cases = try SampleCalls.cases().filter { $0.mustFail == nil }.prefix(5) + [try SampleCalls.testCase("anyone")]
    cases[1].expectations.append(Expectation(.outcome("in-vain")))
    var plan = RunPlan(cases: Array(cases), mode: .text, seed: 7)
    plan.repeats = repeats
    return plan
  }

  private static func run(_ plan: RunPlan) throws -> SimulationRun {
    SampleCalls.run(plan, with: VirtualCallRunner(textWith: try SampleCalls.agent()))
  }

  /// Every shard of the run, written and read again.
  private static func shards(
    of plan: RunPlan, _ count: Int, _ adjust: (inout SimulationRun) -> Void = { _ in }
  ) throws -> [(name: String, report: ShardReport)] {
    try (1...count).map { number in
      var part = plan
      part.shard = RunShard(number, of: count)
      var run = try run(part)
      adjust(&run)
      let report = try #require(ShardReport(run, of: part, soundFolder: "calls"))
      return ("out/\(number)", try ShardReport(reading: report.bytes, named: "out/\(number)/shard.json"))
    }
  }

  @Test(
    "Merged shards are the run of one machine, byte for byte, whatever their number and order", arguments: [1, 2, 3, 7])
  func equal(count: Int) throws {
    let plan = try Self.plan()
    let whole = try Self.run(plan)
    #expect(whole.count(.failed) > 0 && whole.count(.passed) > 0)
    let merged = try MergedRun(try Self.shards(of: plan, count).reversed())
    #expect(
      String(decoding: merged.json, as: UTF8.self) == String(decoding: JSONReport.bytes(of: whole), as: UTF8.self))
    #expect(merged.junit == JUnitReport.text(of: whole))
    #expect(merged.table.summary == RunTable(whole).summary)
    #expect(merged.calls.map(\.place) == Array(0..<whole.results.count))
  }

  @Test("The table of merged shards is that of one machine, where no two attempts are told as alike")
  func table() throws {
    let plan = try Self.plan(repeats: 1)
    let (merged, whole) = (try MergedRun(try Self.shards(of: plan, 3)).table, RunTable(try Self.run(plan)))
    #expect(merged.rows == whole.rows && merged.failures == whole.failures && merged.summary == whole.summary)
    #expect(merged.verdicts == whole.verdicts && Set(merged.notes) == Set(whole.notes))
  }

  @Test("The page of merged shards differs from that of one machine in what is unfolded alone")
  func page() throws {
    let plan = try Self.plan(repeats: 2)
    let whole = HTMLReport.text(of: try Self.run(plan), soundFolder: "calls")
    let merged = try MergedRun(try Self.shards(of: plan, 3)).html
    #expect(whole.replacing(" open=\"\"", with: "") == merged)
  }

  @Test("More shards than calls: some hold none, and the merge is whole")
  func emptyShards() throws {
    let plan = try Self.plan(repeats: 1)
    let merged = try MergedRun(try Self.shards(of: plan, 9))
    #expect(merged.json == JSONReport.bytes(of: try Self.run(plan)))
  }

  @Test("The times of a merged run are the earliest start and the longest shard")
  func times() throws {
    var starts: [Int64] = [3_000_000, 1_000_000, 2_000_000]
    let shards = try Self.shards(of: try Self.plan(repeats: 1), 3) { run in
      run.startedAtUnixMicroseconds = starts.removeLast()
      run.wallMicroseconds = run.startedAtUnixMicroseconds * 2
    }
    let summary = try MergedRun(shards).summary
    #expect(summary.startedAtUnixMicroseconds == 1_000_000 && summary.wallMicroseconds == 6_000_000)
  }

  @Test("Calls that were not held keep their places, and the merged run says so")
  func stopped() throws {
    var plan = try Self.plan(repeats: 2)
    let whole = try Self.run(plan)
    plan.stopsAtFirstFailure = true
    var shards: [(name: String, report: ShardReport)] = []
    for number in 1...2 {
      plan.shard = RunShard(number, of: 2)
      let run = SampleCalls.run(plan, with: VirtualCallRunner(textWith: try SampleCalls.agent()), jobs: 1)
      let report = try #require(ShardReport(run, of: plan, soundFolder: "calls"))
      shards.append(("out/\(number)", try ShardReport(reading: report.bytes, named: "shard.json")))
    }
    let merged = try MergedRun(shards)
    #expect(!merged.summary.notRun.isEmpty)
    #expect(merged.calls.count + merged.summary.notRun.count == whole.results.count)
    let ids = Dictionary(uniqueKeysWithValues: whole.results.map { ($0.place, $0.testCase.id) })
    #expect(merged.calls.allSatisfy { ids[$0.place] == $0.summary.id })
  }

  @Test("Shards that do not belong together, or are not all there, are refused with what to do")
  func refused() throws {
    let plan = try Self.plan(repeats: 1)
    let shards = try Self.shards(of: plan, 3)
    func fault(_ shards: [(name: String, report: ShardReport)]) -> String {
      do {
        _ = try MergedRun(shards)
        return "none"
      } catch { return error.description }
    }
    #expect(fault([]) == "there is no shard to be merged")
    #expect(fault([shards[0], shards[2]]) == "1 of 3 shards are missing (2/3): add their folders")
    #expect(fault(shards + [shards[1]]) == "out/2 and out/2 are both shard 2/3: leave one out")
    var other = plan
    other.seed = 8
    #expect(
      fault([shards[0]] + (try Self.shards(of: other, 3).suffix(2)))
        == "out/2 is of another run than out/1: it has the seed 8, not 7")
    other = plan
    other.cases[2].id = "renamed"
    #expect(
      fault([shards[0]] + (try Self.shards(of: other, 3).suffix(2)))
        == "out/2 is of another run than out/1: its cases or their seeds differ")
    var holed = shards
    holed[1].report.held.removeLast()
    #expect(fault(holed) == "out/2 does not hold the calls of shard 2/3: run it again")
  }

  @Test("A report of a shard that is damaged anywhere is refused, and says where")
  func damaged() throws {
    let bytes = try Self.shards(of: try Self.plan(repeats: 1), 3)[0].report.bytes
    for length in stride(from: 0, to: bytes.count, by: 997) {
      #expect(throws: WireFault.self) { try ShardReport(reading: Array(bytes.prefix(length)), named: "shard.json") }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    for (right, wrong, message) in [
      ("\"format\":1", "\"format\":2", "shard.json.format: expected a whole number from 1 to 1, got the number 2"),
      ("\"shard\":1", "\"shard\":4", "shard.json.shard: expected a whole number from 1 to 3, got the number 4"),
      (
        "\"place\":0", "\"place\":-1",
        "shard.json.held[0].place: expected a whole number from 0 to 5, got the number -1"
      ),
      (
        "\"verdict\":\"passed\",\"varied\"", "\"verdict\":\"fine\",\"varied\"",
        "shard.json.held[0].summary.verdict: expected one of"
      ),
      ("\"seed\":\"7\"", "\"seed\":\"-7\"", "shard.json.seed: expected a whole number as a text, got \"-7\""),
      ("\"json\":\"{", "\"json\":\"[", "shard.json.held[0].json: expected a JSON text"),
    ] {
      #expect(text.contains(right))
      do {
        _ = try ShardReport(
          reading: Array(text.replacing(right, with: wrong, maxReplacements: 1).utf8), named: "shard.json")
        Issue.record("\(wrong) was taken")
      } catch { #expect(error.message.hasPrefix(message), "\(error.message)") }
    }
  }

  @Test("A sound's name that leads out of its folder is refused", arguments: ["../x", "/etc/passwd", "..", ""])
  func soundName(name: String) throws {
    var report = try Self.shards(of: try Self.plan(repeats: 1), 1)[0].report
    report.held[0].sound = name
    #expect(throws: WireFault.self) { try ShardReport(reading: report.bytes, named: "shard.json") }
  }

  @Test("A shard is written as K/N", arguments: [("1/1", 1, 1), ("2/5", 2, 5), ("10000/10000", 10_000, 10_000)])
  func shard(text: String, number: Int, count: Int) throws {
    let shard = try #require(RunShard(text))
    #expect(shard.number == number && shard.count == count && shard.description == text)
  }

  @Test(
    "and as nothing else", arguments: ["", "/", "1", "0/3", "4/3", "1/0", "-1/3", "1/10001", "1/2/3", "a/b", "1/ 2"])
  func noShard(text: String) { #expect(RunShard(text) == nil) }
}
