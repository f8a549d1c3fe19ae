package import CallCore
package import JSON

/// How long one turn took by stage, and how loaded the server was then.
package struct TurnSample: Sendable, Equatable {
  /// Milliseconds since 1970 UTC.
  package var timestamp: Int
  /// End of the caller's speech → its words are known, in milliseconds; `nil` for what was typed or pressed.
  package var recognition: Int?
  /// Words → the answer is known, in milliseconds.
  package var agent: Int
  /// Answer → its first packet is sent, in milliseconds; `nil` where the agent is not heard.
  package var synthesis: Int?
  /// All of it, in milliseconds.
  package var total: Int
  /// How loaded the server was.
  package var load: ConversationLoad

  /// - Parameters:
  ///   - start: of the answer, in microseconds since 1970 UTC.
  ///   - wasSpoken: whether the caller spoke.
  ///   - isSpoken: whether the agent is heard.
  package init(
    _ latency: TurnLatency, atUnixMicroseconds start: Int64, wasSpoken: Bool, isSpoken: Bool, load: ConversationLoad
  ) {
    timestamp = Int(start / 1000)
    recognition = wasSpoken ? (latency.endpoint + latency.recognition).milliseconds : nil
    agent = latency.flow.milliseconds
    synthesis = isSpoken ? (latency.synthesis + latency.playout).milliseconds : nil
    total = latency.total.milliseconds
    self.load = load
  }
}

/// What `GET /api/realtime/metrics` answers.
package struct TurnMetrics: Sendable, Equatable {
  /// Turns of which the times are kept, the newest; quantiles are over them.
  package static let samplesMax = 1000

  /// Where something went wrong. The raw values stand in the answer.
  package enum Stage: String, Sendable, CaseIterable {
    case recognition = "stt"
    case agent
    case synthesis = "tts"
    /// What a client sent broke its wire's rules, or could not be used.
    case connection
  }

  /// A mean that grows.
  package struct Mean: Sendable, Equatable {
    private var sum = 0
    package private(set) var count = 0

    package init() {}

    package mutating func add(_ value: Int) { (sum, count) = (sum + value, count + 1) }

    /// In thousandths; 0 without any.
    var thousandths: Int { count == 0 ? 0 : (sum * 1000 + count / 2) / count }
  }

  /// Errors since the start.
  package var errors: [Stage: Int] = [:]
  /// What callers thought since the start.
  package var quality: [QualityRating.Category: Mean] = [:]
  private var means: [String: Mean] = [:]
  private var samples: [TurnSample] = []
  private var load = ConversationLoad(connections: 0, queueDepth: 0)

  /// Nothing yet.
  package init() {}

  private static let figures: [(name: String, value: @Sendable (TurnSample) -> Int?)] = [
    ("sttLatency", { $0.recognition }), ("agentLatency", { $0.agent }), ("ttsLatency", { $0.synthesis }),
    ("endToEndLatency", { $0.total }),
  ]

  /// Counts one more turn.
  package mutating func add(_ sample: TurnSample) {
    for figure in Self.figures {
      if let value = figure.value(sample) { means[figure.name, default: Mean()].add(value) }
    }
  }

  /// The same with quantiles over the newest turns.
  package func summed(over samples: [TurnSample], load: ConversationLoad) -> TurnMetrics {
    var summed = self
    (summed.samples, summed.load) = (samples, load)
    return summed
  }
}

extension TurnMetrics: JSONDocument {
  /// Writes the members; a latency of which nothing was measured is `null`.
  package func writeMembers(to writer: inout JSONWriter) {
    for figure in Self.figures {
      guard let mean = means[figure.name] else {
        writer.field(figure.name, .null)
        continue
      }
      let sorted = samples.compactMap(figure.value).sorted()
      writer.object(figure.name) { writer in
        writer.field("count", mean.count)
        writer.field("mean", thousandths: mean.thousandths)
        for percent in [50, 95, 99] { writer.field("p\(percent)", Self.quantile(percent, of: sorted)) }
      }
    }
    writer.field("activeConnections", load.connections)
    writer.field("queueDepth", load.queueDepth)
    writer.object("errors") { writer in
      for stage in Stage.allCases { writer.field(stage.rawValue, errors[stage] ?? 0) }
    }
    writer.object("quality") { writer in
      for category in QualityRating.Category.allCases {
        guard let mean = quality[category] else {
          writer.field(category.rawValue, .null)
          continue
        }
        writer.object(category.rawValue) { writer in
          writer.field("count", mean.count)
          writer.field("mean", thousandths: mean.thousandths)
        }
      }
    }
  }

  /// The smallest value that so many percent of all do not exceed; `nil` without any.
  private static func quantile(_ percent: Int, of sorted: [Int]) -> Int? {
    sorted.isEmpty ? nil : sorted[(sorted.count * percent + 99) / 100 - 1]
  }
}
