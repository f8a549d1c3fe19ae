import CallClient
import CallCore
import CallDriver
import Wires
import Testing

extension ServerTests {
  /// `make harness` runs these on an idle machine, and reads the figures that they print.
  @Suite("Turn latency of one call")
  struct LatencyTests {
    /// Two calls of ten turns: words with soft beginnings and endings, short and long ones.
    private static let words = [
      "Yes.", "No, thank you.", "Tomorrow at half past three.", "My name is Anna Miller.", "Seven four one one.",
      "Book an appointment.", "That's right.", "Sure.", "Next Tuesday, please.", "Help.",
    ]

    private static let outcomes = Result {
      let server = try TestServer.shared.get()
      return try ["chat", "echo"].map { flow in
        var script = CallerScript(flow: flow, turns: try words.map { try TestEngines.turn($0) })
        script.pauseBeforeAnswer = .milliseconds(100)
        return try SpokenCalls.call(script, at: server, within: 90)
      }
    }

    /// The caller's latency of each turn less the server's, in milliseconds.
    private static func differences(_ outcome: CallOutcome) -> [Int] {
      outcome.report.latencies.compactMap { turn, latency in
        let server = outcome.report.record?.record.turnLatencies.first { $0.turn == TurnID(turn) }
        return server.map { (latency - $0.total).milliseconds }
      }
    }

    @Test("is measured in each of 20 turns, 500 ms end-of-turn silence included")
    func distribution() throws {
      var all: [Int] = []
      for (outcome, flow) in zip(try Self.outcomes.get(), ["prompts from the cache", "replies made anew"]) {
        let latencies = outcome.report.latencies.map(\.latency.milliseconds)
        #expect(latencies.count == Self.words.count)
        // The end-of-turn silence is in it.
        #expect(latencies.allSatisfy { $0 >= 500 })
        all += latencies
        print("turn latency, \(flow): \(Quantiles(latencies)) \(latencies)")
      }
      print("turn latency, all: \(Quantiles(all)); goal p50 <= 620 ms, p95 <= 750 ms")
    }

    @Test("the server's stages add up to what the caller measured, within 20 ms")
    func stages() throws {
      let differences = try Self.outcomes.get().flatMap(Self.differences)
      for outcome in try Self.outcomes.get() {
        let record = try #require(outcome.report.record?.record)
        for (turn, latency) in outcome.report.latencies {
          guard let server = record.turnLatencies.first(where: { $0.turn == TurnID(turn) }) else { continue }
          let said = record.transcript.first { $0.turn == TurnID(turn) && $0.role == .caller }?.text ?? ""
          print(
            "turn \(turn): caller \(latency.milliseconds) ms, server \(server.total.milliseconds) ms =",
            "\(server.endpoint.milliseconds) + \(server.recognition.milliseconds) + \(server.flow.milliseconds) +",
            "\(server.synthesis.milliseconds) + \(server.playout.milliseconds), difference \((latency - server.total).milliseconds) ms: \(said)"
          )
        }
      }
      #expect(differences.count == 2 * Self.words.count)
      // What a busy machine holds up on its way, single turns show; a stage that is counted wrongly, all of them.
      #expect(differences.count { abs($0) < 20 } > 5)
      print("caller's minus server's latency: \(Quantiles(differences.map(abs))) in size, \(differences)")
    }
  }
}
