import CallClient
import CallCore
import CallDriver
import CallWire
import Testing

extension ServerTests {
  @Suite("Turn latency of one call on an idle machine")
  struct LatencyTests {
    /// Two calls of ten turns: words with soft beginnings and endings, short and long ones.
    private static let words = [
      "Yes.", "No, thank you.", "Tomorrow at half past three.", "My name is Anna Miller.", "Seven four one one.",
      "Book an appointment.", "That's right.", "Sure.", "Next Tuesday, please.", "Help.",
    ]

    private static let outcomes = Result { () throws -> [CallOutcome] in
      let office = try TestOffice.shared.get()
      return try ["chat", "echo"].map { flow in
        var script = CallerScript(flow: flow, turns: try words.map { try TestEngines.turn($0) })
        script.pauseBeforeAnswer = .milliseconds(100)
        return try SpokenCalls.call(script, at: office, within: 90)
      }
    }

    @Test("p50 over 20 turns, 500 ms end-of-turn silence included, at most 900 ms")
    func distribution() throws {
      var all: [Int] = []
      for (outcome, flow) in zip(try Self.outcomes.get(), ["prompts from the cache", "replies made anew"]) {
        let latencies = outcome.report.latencies.map(\.latency.milliseconds)
        #expect(latencies.count == Self.words.count)
        all += latencies
        print("turn latency, \(flow): \(Quantiles(latencies)) \(latencies)")
      }
      print("turn latency, all: \(Quantiles(all)); goal p50 <= 620 ms, p95 <= 750 ms")
      #expect(Quantiles(all).p50 <= 900)
    }

    @Test("the server's stages add up to what the caller measured, within 20 ms in every turn")
    func stages() throws {
      var differences: [Int] = []
      for outcome in try Self.outcomes.get() {
        let record = try #require(outcome.report.record?.record)
        for (turn, latency) in outcome.report.latencies {
          guard let server = record.turnLatencies.first(where: { $0.turn == TurnID(turn) }) else { continue }
          let said = record.transcript.first { $0.turn == TurnID(turn) && $0.role == .caller }?.text ?? ""
          let difference = (latency - server.total).milliseconds
          differences.append(difference)
          print(
            "turn \(turn): caller \(latency.milliseconds) ms, server \(server.total.milliseconds) ms =",
            "\(server.endpoint.milliseconds) + \(server.recognition.milliseconds) + \(server.flow.milliseconds) +",
            "\(server.synthesis.milliseconds) + \(server.playout.milliseconds), difference \(difference) ms: \(said)")
        }
      }
      #expect(differences.count == 2 * Self.words.count)
      let sizes = differences.map(abs)
      print("caller's minus server's latency: \(Quantiles(sizes)) in size, \(differences)")
      #expect(sizes.allSatisfy { $0 < 20 })
    }
  }
}
