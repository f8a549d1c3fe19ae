import CallClient
import CallCore

/// What many calls at once brought home.
struct LoadRun: CustomStringConvertible {
  let reports: [CallerReport]
  /// Packets of the agents, and those that left late, by the server's own count.
  let sent: Double
  let late: Double
  let seconds: Double
  /// CPU of the whole process, callers included.
  let cores: Double

  var received: Int { reports.reduce(0) { $0 + $1.packetsReceived } }
  /// Packets of the agents that came too late to be played without a gap.
  var gaps: Int { reports.reduce(0) { $0 + $1.agentPacketsLate } }
  private var own: Int { reports.reduce(0) { $0 + $1.packetsSent } }
  private var ownLate: Int { reports.reduce(0) { $0 + $1.packetsLate } }
  /// Whether the callers kept time: under 1 % of their own packets late.
  var isValid: Bool { ownLate * 100 < own }
  /// Whether 1 % of the agents' packets or more left late, or came too late.
  var isLate: Bool { late * 100 >= sent || gaps * 100 >= received }

  var description: String {
    let latencies = Quantiles(reports.flatMap { $0.latencies.map(\.latency.milliseconds) })
    return """
      load: \(reports.count) calls in \(Int(seconds)) s on \(Double(Int(cores * 100)) / 100) cores, callers included
      load: turn latency \(latencies)
      load: the server sent \(Int(sent)) packets, \(Int(late)) late; the callers heard \(gaps) gaps in \(received)
      load: the callers themselves sent \(ownLate) of \(own) packets late\(isValid ? "" : ": the run is not valid")
      """
  }
}
