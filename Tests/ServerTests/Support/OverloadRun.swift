import CallClient
import CallCore
import WebSockets

/// What became of more calls than a server can hold.
struct OverloadRun: CustomStringConvertible {
  /// Calls that were taken.
  let reports: [CallerReport]
  let refusals: [(status: Int, seconds: Int?, body: String)]
  /// From the end of the last call until the server took calls.
  let secondsToRecovery: Double

  init(outcomes: [CallOutcome], secondsToRecovery: Double) {
    reports = outcomes.map(\.report).filter { Self.refusal(of: $0) == nil }
    refusals = outcomes.compactMap { Self.refusal(of: $0.report) }
    self.secondsToRecovery = secondsToRecovery
  }

  private static func refusal(of report: CallerReport) -> (status: Int, seconds: Int?, body: String)? {
    guard case .notConnected(.refused(let status, let seconds, let body))? = report.failure else { return nil }
    return (status, seconds, String(decoding: body, as: UTF8.self))
  }

  var received: Int { reports.reduce(0) { $0 + $1.packetsReceived } }
  /// Packets of the agents that came too late to be played without a gap.
  var gaps: Int { reports.reduce(0) { $0 + $1.agentPacketsLate } }
  /// Whether the callers kept time: under 1 % of their own packets late.
  var isValid: Bool {
    reports.reduce(0) { $0 + $1.packetsLate } * 100 < reports.reduce(0) { $0 + $1.packetsSent }
  }

  var description: String {
    let latencies = Quantiles(reports.flatMap { $0.latencies.map(\.latency.milliseconds) })
    return """
      overload: \(reports.count) calls taken, \(refusals.count) refused, taken again after \(secondsToRecovery) s
      overload: turn latency \(latencies); \(gaps) gaps in \(received) packets\(isValid ? "" : "; the run is not valid")
      """
  }
}
