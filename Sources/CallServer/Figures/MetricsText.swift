import CallCore
import CallDriver
import WebSockets

/// The server's figures in Prometheus' text format.
struct MetricsText {
  let exchange: Exchange
  let media: [ServiceLoop]

  var text: String {
    var page = MetricsPage()
    let counts = exchange.figures.now
    writeCalls(counts, to: &page)
    writeAudio(counts, to: &page)
    writeEngines(counts, to: &page)
    writeHistory(counts, to: &page)
    writeLoops(to: &page)
    return page.text
  }

  private func writeCalls(_ counts: ServerFigures.Counts, to page: inout MetricsPage) {
    page.gauge("voiceforge_calls_active", "Calls that are up.", exchange.lines.takenCount)
    page.gauge("voiceforge_calls_max", "Calls that there may be at once.", exchange.lines.limit)
    page.counter("voiceforge_calls_started_total", "Calls that began.", counts.callsStarted)
    page.counter("voiceforge_calls_refused_total", "Calls that were not taken.", counts.callsRefused)
    let ended = CloseReason.allCases.map { (labels: "reason=\"\($0.rawValue)\"", value: counts.callsEnded[$0] ?? 0) }
    page.counters("voiceforge_calls_ended_total", "Calls that ended, by reason.", ended)
    page.counter("voiceforge_turns_total", "Turns that callers took.", counts.turns)
    page.counter("voiceforge_barge_ins_total", "Times that a caller cut the agent off.", counts.bargeIns)
    page.counter("voiceforge_peer_faults_total", "Frames that broke the wire's rules.", counts.peerFaults)
    page.counter("voiceforge_call_seconds_total", "Length of all calls.", Int(counts.callMicroseconds / 1_000_000))
    page.histogram(
      "voiceforge_turn_latency_seconds", "From the caller's last speech to the agent's first packet.",
      counts.turnLatency)
  }

  private func writeAudio(_ counts: ServerFigures.Counts, to page: inout MetricsPage) {
    page.counter("voiceforge_packets_received_total", "Caller packets of calls that ended.", counts.packetsReceived)
    page.counter("voiceforge_packets_lost_total", "Caller packets that never came.", counts.packetsLost)
    page.counter("voiceforge_packets_sent_total", "Agent packets of calls that ended.", counts.packetsSent)
    page.counter("voiceforge_packets_late_total", "Agent packets that left over 20 ms late.", counts.packetsLate)
  }

  private func writeEngines(_ counts: ServerFigures.Counts, to page: inout MetricsPage) {
    let cache = exchange.cache.figures
    page.gauge("voiceforge_engine_queue", "Recognitions and sentences that wait.", exchange.speechWorkers.waitingCount)
    page.counter("voiceforge_engine_failures_total", "Times that an engine gave no answer.", counts.engineFailures)
    page.counter("voiceforge_speech_cache_hits_total", "Sentences that were there.", cache.hits)
    page.counter("voiceforge_speech_cache_misses_total", "Sentences that had to be made.", cache.misses)
    page.counter("voiceforge_speech_cache_evictions_total", "Sentences that made room.", cache.evictions)
    page.gauge("voiceforge_speech_cache_bytes", "Bytes in the cache.", cache.bytes)
  }

  private func writeHistory(_ counts: ServerFigures.Counts, to page: inout MetricsPage) {
    let usage = exchange.store.usage
    page.gauge("voiceforge_history_calls", "Calls in the history.", usage.entries)
    page.gauge("voiceforge_history_bytes", "Bytes in the history, recordings included.", usage.bytes)
    page.counter("voiceforge_history_evicted_total", "Calls that newer ones pushed out.", usage.evicted)
    page.counter(
      "voiceforge_history_recordings_dropped_total", "Recordings too large to keep.", usage.recordingsDropped)
    page.counter("voiceforge_history_lost_total", "Records that could not be kept.", counts.recordsLost)
  }

  private func writeLoops(to page: inout MetricsPage) {
    let loops = media.map { (labels: "loop=\"\($0.configuration.name)\"", load: $0.load) }
    page.gauges(
      "voiceforge_loop_connections", "WebSockets of a media loop.",
      loops.map { ($0.labels, "\($0.load.connectionCount)") })
    page.gauges(
      "voiceforge_loop_busy_ratio", "Share of a core that a media loop uses.",
      loops.map { ($0.labels, "\($0.load.busyShare)") })
    page.gauges(
      "voiceforge_loop_tick_lateness_seconds", "How late ticks come, averaged over 64.",
      loops.map { ($0.labels, "\(Double($0.load.tickLateness) / 1_000_000)") })
  }
}
