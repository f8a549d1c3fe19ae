import CallCore
import Formats
import JSON
import Testing

@Suite("Figures of turns over REST")
struct TurnMetricsTests {
  static let load = ConversationLoad(connections: 4, queueDepth: 1)

  static func sample(_ milliseconds: Int, wasSpoken: Bool = true, isSpoken: Bool = true) -> TurnSample {
    let span = CallDuration.milliseconds(milliseconds)
    return TurnSample(
      TurnLatency(
        turn: TurnID(1), endpoint: span, recognition: span, flow: span, synthesis: span * 2, playout: .zero),
      atUnixMicroseconds: 1_700_000_000_123_456, wasSpoken: wasSpoken, isSpoken: isSpoken, load: load)
  }

  @Test("without a turn every latency is null, and no error was counted")
  func empty() {
    #expect(
      TurnMetrics().jsonText
        == #"{"sttLatency":null,"agentLatency":null,"ttsLatency":null,"endToEndLatency":null,"activeConnections":0,"#
        + #""queueDepth":0,"errors":{"stt":0,"agent":0,"tts":0,"connection":0},"#
        + #""quality":{"stt_accuracy":null,"tts_quality":null,"latency":null,"overall":null}}"#)
    #expect(TurnHistory([]).jsonText == #"{"samples":[]}"#)
    #expect(TurnHistory([]).csv == "timestamp,stt,agent,tts,e2e,queueDepth,activeConnections\r\n")
  }

  @Test("quantiles are measured values; what was not measured is in no figure")
  func figures() throws {
    var metrics = TurnMetrics()
    let samples = (1...100).map { Self.sample($0) } + [Self.sample(7, wasSpoken: false, isSpoken: false)]
    for sample in samples { metrics.add(sample) }
    metrics.errors[.synthesis] = 2
    for score in [5, 4, 4] { metrics.quality[.latency, default: TurnMetrics.Mean()].add(score) }
    let json = try JSONValue(parsing: metrics.summed(over: samples, load: Self.load).jsonText)
    #expect(
      json["agentLatency"]
        == .object([
          "count": .integer(101), "mean": .number(50.069), "p50": .integer(50), "p95": .integer(95),
          "p99": .integer(99),
        ]))
    #expect(
      json["sttLatency"]
        == .object([
          "count": .integer(100), "mean": .number(101.0), "p50": .integer(100), "p95": .integer(190),
          "p99": .integer(198),
        ]))
    #expect(json["ttsLatency"]?["count"] == .integer(100) && json["endToEndLatency"]?["count"] == .integer(101))
    #expect(json["activeConnections"] == .integer(4) && json["queueDepth"] == .integer(1))
    #expect(json["errors"]?["tts"] == .integer(2))
    #expect(json["quality"]?["latency"] == .object(["count": .integer(3), "mean": .number(4.333)]))
  }

  @Test("the history has its columns in order, and nothing where nothing was measured")
  func history() {
    let history = TurnHistory([Self.sample(10), Self.sample(10, wasSpoken: false, isSpoken: false)])
    #expect(
      history.csv
        == "timestamp,stt,agent,tts,e2e,queueDepth,activeConnections\r\n1700000000123,20,10,20,50,1,4\r\n"
        + "1700000000123,,10,,50,1,4\r\n")
    #expect(
      history.jsonText.contains(
        #"{"timestamp":1700000000123,"stt":null,"agent":10,"tts":null,"e2e":50,"queueDepth":1,"activeConnections":4}"#))
  }
}
