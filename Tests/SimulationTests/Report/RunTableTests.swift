import CallCore
import JSON
import SampleRun
import Simulation
import Testing

@Suite("The table for the terminal")
struct RunTableTests {
  @Test("A row for each call, or for all attempts that came out alike with nothing drawn, and a cell for each column")
  func rows() {
    let table = RunTable(SampleRun.run())
    #expect(table.rows.count == 7)
    #expect(table.rows.allSatisfy { $0.count == RunTable.head.count })
    #expect(
      table.rows[2] == [
        "✗", "booking/interrupts (attempt 1 of 2)", "2/3", "655 ms", "1940 ms", "2340 ms", "6/12", "17.5 s",
        "turn 2, yield: expected: the agent silent within 2000 ms; found: 2340 ms",
      ])
    #expect(table.rows[6][3] == "–", "a call in text mode that nobody answered has no latency")
  }

  @Test("The summary counts, and shows a share only of ten and more")
  func summary() {
    let summary = RunTable(SampleRun.run()).summary
    #expect(
      summary
        == "5 passed, 3 failed, 2 invalid, 1 not run · 10 calls of 164.2 s · pass@2 3 of 5 cases, pass^2 2 of 5 cases · "
        + "latency p50 618 ms, p95 1940 ms of 8 turns · yield at most 2340 ms in 2 · word errors 20.7 % of 58 words")
  }

  @Test(
    "Where turns end by meaning, it says how many ended by each rule and how soon, and how often a caller was cut off")
  func endings() throws {
    var run = SampleRun.run()
    for result in run.results.indices {
      for turn in run.results[result].turns.indices {
        run.results[result].turns[turn].stages?.endedBy = turn == 0 ? .meaning : .silence
      }
    }
    run.results[0].metrics.agentInterruptions = 2
    run.results[0].metrics.falseEnds = 1
    let parts = RunTable(run).summary.split(separator: " · ")
    #expect(
      parts.contains { $0.contains(" ended by meaning, p50 ") }
        && parts.contains { $0.contains(" ended by silence, p50 ") })
    #expect(parts.contains { $0.hasPrefix("the agent cut off 2 of ") && $0.hasSuffix(", 1 in a pause") })
    let figures = try #require(try JSONValue(parsing: JSONReport.bytes(of: run))["figures"])
    #expect(figures.text(at: "agentInterruptions.count") == "2" && figures.text(at: "falseEnds.count") == "1")
    let counts = ["meaning", "silence"].compactMap { figures.text(at: "latencyByEnd.\($0).count").flatMap { Int($0) } }
    #expect(counts.count == 2 && counts.reduce(0, +) == 8, "every turn that was answered")
  }

  @Test("Every failure says why, when, and how to see it again")
  func failures() {
    let table = RunTable(SampleRun.run())
    #expect(table.failures.count == 3)
    #expect(table.failures[0].reasons[0].hasSuffix("found: 2340 ms at 0:17.175"))
    #expect(table.failures[0].replay.hasPrefix("voiceforge simulate "))
    #expect(table.failures[1].verdict == .invalid)
  }

  @Test("What an agent said cannot move the terminal's cursor")
  func hostile() {
    let table = RunTable(SampleRun.run())
    let texts = table.rows.flatMap(\.self) + table.failures.flatMap { [$0.name, $0.replay] + $0.reasons }
    #expect(texts.contains { $0.contains("␛[31m") })
    #expect(texts.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) } })
  }

  @Test("A run without a call has an empty table and says so")
  func empty() {
    let table = RunTable(SimulationRun(seed: 1, mode: .text))
    #expect(table.rows.isEmpty && table.failures.isEmpty)
    #expect(table.summary == "0 passed · 0 calls of 0.0 s")
  }
}
