import CallCore
import CallDriver
import WebSockets

/// The server's figures in Prometheus' text format.
struct MetricsText {
  let server: ServerContext
  let media: [ServiceLoop]

  var text: String {
    var page = MetricsPage()
    let counts = server.figures.now
    writeProcess(to: &page)
    writeCalls(counts, to: &page)
    writeAdmission(counts, to: &page)
    writeAudio(counts, to: &page)
    writeEngines(counts, to: &page)
    writeSpeechThreads(to: &page)
    writeSpeechRequests(to: &page)
    writePools(to: &page)
    if let remote = server.engines.remote { write(remote, to: &page) }
    writeHistory(counts, to: &page)
    if let spans = server.spans.figures { writeSpans(spans, to: &page) }
    writeLoops(to: &page)
    writeKeys(to: &page)
    writeUsage(to: &page)
    return page.text
  }

  /// Names that Prometheus' client libraries use.
  private func writeProcess(to page: inout MetricsPage) {
    let process = ProcessFigures.now()
    page.counter("process_cpu_seconds_total", "CPU time of this process.", process.cpuSeconds)
    page.gauge("process_resident_memory_bytes", "Memory of this process that is in use.", process.residentBytes)
    let (node, version) = (server.settings.nodeName, server.settings.version)
    page.gauges(
      "voiceforge_node_info", "1, with the name of this server and its version.",
      [(labels: "node=\"\(node)\",version=\"\(version)\"", value: 1)])
    page.gauge(
      "voiceforge_draining", "1 while the server goes out of service.", server.drainPhase == .serving ? 0 : 1)
  }

  private func writeAdmission(_ counts: ServerFigures.Counts, to page: inout MetricsPage) {
    let door = server.admission
    page.gauge(
      "voiceforge_admission_open", "1 while the load lets calls in.",
      door.standingReason(at: door.load.at) == nil ? 1 : 0)
    page.gauge("voiceforge_admission_reserved_calls", "Calls too new to show in the load.", door.reservedCalls)
    page.gauges(
      "voiceforge_call_cost_ratio", "Share of a core that a call is taken to cost.",
      [("part=\"loop\"", door.loopCost.share), ("part=\"engine\"", door.engineCost.share)])
    page.gauge(
      "voiceforge_engine_busy_ratio_foretold", "Share of the speech threads' time in use once all calls speak.",
      door.foretoldEngineShare)
    page.gauge(
      "voiceforge_engine_busy_ratio_max", "Share of it beyond which calls are refused.", door.engineShareMax)
    let refused = RefusalReason.allCases.map {
      (labels: "reason=\"\($0.rawValue)\"", value: counts.callsRefused[$0] ?? 0)
    }
    page.counters("voiceforge_refusals_total", "Calls that were not taken, by reason.", refused)
  }

  private func writeSpeechThreads(to page: inout MetricsPage) {
    let work = server.speechWorkers.figures
    page.gauge("voiceforge_recognition_queue", "Recognitions that wait for a thread.", work.waitingRecognitions)
    page.gauge("voiceforge_synthesis_queue", "Sentences that wait for a thread.", work.waitingSyntheses)
    write(work.waits[WorkKind.recognition.rawValue], "voiceforge_recognition_wait_seconds", "turns", to: &page)
    write(work.waits[WorkKind.synthesis.rawValue], "voiceforge_synthesis_wait_seconds", "sentences", to: &page)
    page.counter(
      "voiceforge_engine_busy_seconds_total", "Time of all speech threads in use.",
      Double(work.busyMicroseconds) / 1_000_000)
    page.gauge(
      "voiceforge_engine_busy_ratio", "Share of the speech threads' time in use, averaged over two seconds.",
      server.admission.load.engineShare)
    page.gauge("voiceforge_engine_threads", "Speech threads.", work.threads)
    let recognitions = server.speechService?.recognitions ?? (count: 0, seconds: 0)
    page.counter("voiceforge_recognitions_total", "Recognitions done, on trial or for good.", recognitions.count)
    page.counter("voiceforge_recognized_seconds_total", "Sound that was recognised.", recognitions.seconds)
    let speculation = server.speechService?.speculation
    page.gauge(
      "voiceforge_trials_made", "1 while words are recognised on trial in short pauses.",
      speculation?.areMade == true ? 1 : 0)
    page.counter(
      "voiceforge_partials_dropped_total", "Partial transcripts that were not made.", speculation?.partialsDropped ?? 0)
    let judgements = server.speechService?.turnDetection ?? TurnDetectionFigures()
    page.counters(
      "voiceforge_turn_judgements_total", "Pauses that were to be judged by meaning, by what became of that.",
      [
        (labels: "outcome=\"answered\"", value: judgements.answered),
        (labels: "outcome=\"refused\"", value: judgements.refused),
        (labels: "outcome=\"late\"", value: judgements.late), (labels: "outcome=\"failed\"", value: judgements.failed),
      ])
  }

  private func writeEchoes(_ counts: ServerFigures.Counts, to page: inout MetricsPage) {
    let cancellers = server.echoCancellers?.figures ?? LimitedEchoCancellers.Figures()
    page.counter(
      "voiceforge_echo_calls_total", "Calls that ended in which the agent's own voice came back.", counts.callsWithEcho)
    page.gauge("voiceforge_echo_cancellers", "Echo cancellers in use.", cancellers.inUse)
    page.counter(
      "voiceforge_echo_cancellers_refused_total", "Echoes that were left, as every canceller was in use.",
      cancellers.refused)
  }

  private func writeSpeechRequests(to page: inout MetricsPage) {
    let figures = server.speechScheduler.figures
    page.gauge("voiceforge_speech_requests", "Requests for speech that go on.", server.speechScheduler.requests)
    page.gauge(
      "voiceforge_speech_streams", "Answers of speech that are sent as their clients read.",
      server.speechScheduler.streams
    )
    page.counter("voiceforge_speech_requests_total", "Requests for speech that were taken.", figures.taken)
    page.counter("voiceforge_speech_refused_total", "Requests for speech that were turned away.", figures.refused)
    page.counter(
      "voiceforge_speech_expired_total", "Requests for speech that waited too long for a thread.", figures.expired)
  }

  private func writePools(to page: inout MetricsPage) {
    let pools = [server.requestPool, server.soundPool, server.encodingPool, server.duties, server.records]
    page.gauges(
      "voiceforge_blocking_queue", "Pieces of blocking work that wait for a thread, by pool.",
      pools.map { ("pool=\"\($0.name)\"", $0.waitingCount) })
    page.gauge(
      "voiceforge_threads_standing", "Threads that do not go on with their work.", server.standingThreads.count)
    page.counters(
      "voiceforge_blocking_refused_total", "Blocking work that found no place, by pool and reason.",
      pools.flatMap { pool in
        let figures = pool.figures
        return [
          (labels: "pool=\"\(pool.name)\",reason=\"full\"", value: figures.refusedAsFull),
          (labels: "pool=\"\(pool.name)\",reason=\"address\"", value: figures.refusedByAddress),
        ]
      })
  }

  private func write(_ remote: RemoteFigures, to page: inout MetricsPage) {
    page.gauge("voiceforge_remote_speech_up", "1 while the remote speech service answers.", remote.isReachable ? 1 : 0)
    page.counters(
      "voiceforge_remote_speech_requests_total", "Requests to the remote speech service that ended.",
      RemoteFigures.Kind.allCases.map { ("kind=\"\($0.rawValue)\"", remote.requests[$0] ?? 0) })
    page.counters(
      "voiceforge_remote_speech_failures_total", "Requests to it that failed, by reason.",
      RemoteFigures.Kind.allCases.flatMap { kind in
        RemoteFigures.Failure.allCases.map {
          ("kind=\"\(kind.rawValue)\",reason=\"\($0.rawValue)\"", remote.failures[kind]?[$0] ?? 0)
        }
      })
    page.counter("voiceforge_remote_speech_retries_total", "Requests to it that were sent twice.", remote.retries)
    for kind in RemoteFigures.Kind.allCases {
      let durations = remote.durations[kind] ?? WaitClasses()
      page.histogram(
        "voiceforge_remote_\(kind.rawValue)_seconds",
        "How long the remote speech service took, second attempts included.",
        endsMs: WaitClasses.endsMs, counts: durations.counts,
        sumSeconds: Double(durations.sumMicroseconds) / 1_000_000)
    }
  }

  private func write(_ waits: WaitClasses, _ name: String, _ what: String, to page: inout MetricsPage) {
    page.histogram(
      name, "How long \(what) that a caller waits for waited for a thread.", endsMs: WaitClasses.endsMs,
      counts: waits.counts, sumSeconds: Double(waits.sumMicroseconds) / 1_000_000)
  }

  private func writeCalls(_ counts: ServerFigures.Counts, to page: inout MetricsPage) {
    page.gauge("voiceforge_calls_active", "Calls that are up.", server.capacity.takenCount)
    page.gauge("voiceforge_calls_max", "Calls that there may be at once.", server.capacity.limit)
    page.counter("voiceforge_calls_started_total", "Calls that began.", counts.callsStarted)
    page.counter(
      "voiceforge_calls_refused_total", "Calls that were not taken.", counts.callsRefused.values.reduce(0, +))
    let ended = CloseReason.allCases.map { (labels: "reason=\"\($0.rawValue)\"", value: counts.callsEnded[$0] ?? 0) }
    page.counters("voiceforge_calls_ended_total", "Calls that ended, by reason.", ended)
    page.counter("voiceforge_turns_total", "Turns that callers took.", counts.turns)
    let endings = TurnEnding.allCases.map { (labels: "by=\"\($0.rawValue)\"", value: counts.turnsEnded[$0] ?? 0) }
    page.counters("voiceforge_turns_ended_total", "Turns that were answered aloud, by what ended them.", endings)
    page.counter("voiceforge_barge_ins_total", "Times that a caller cut the agent off.", counts.bargeIns)
    writeEchoes(counts, to: &page)
    page.counter("voiceforge_peer_faults_total", "Frames that broke the wire's rules.", counts.peerFaults)
    page.counter("voiceforge_call_seconds_total", "Length of all calls.", Int(counts.callMicroseconds / 1_000_000))
    page.histogram(
      "voiceforge_turn_latency_seconds", "From the caller's last speech to the agent's first packet.",
      endsMs: LatencyHistogram.classEndsMs, counts: counts.turnLatency.counts,
      sumSeconds: Double(counts.turnLatency.sumMs) / 1000)
    for stage in ModelStage.allCases {
      guard let histogram = counts.modelStages[stage] else { continue }  // nobody asked a model
      page.histogram(
        "voiceforge_model_\(stage.rawValue)_seconds", stage.help, endsMs: LatencyHistogram.classEndsMs,
        counts: histogram.counts, sumSeconds: Double(histogram.sumMs) / 1000)
    }
  }

  private func writeAudio(_ counts: ServerFigures.Counts, to page: inout MetricsPage) {
    page.counter("voiceforge_packets_received_total", "Caller packets of calls that ended.", counts.packetsReceived)
    page.counter("voiceforge_packets_lost_total", "Caller packets that never came.", counts.packetsLost)
    page.counter("voiceforge_packets_sent_total", "Agent packets of calls that ended.", counts.packetsSent)
    page.counter("voiceforge_packets_late_total", "Agent packets that left over 20 ms late.", counts.packetsLate)
  }

  private func writeEngines(_ counts: ServerFigures.Counts, to page: inout MetricsPage) {
    let cache = server.cache.figures
    page.gauge("voiceforge_engine_queue", "Recognitions and sentences that wait.", server.speechWorkers.waitingCount)
    page.counter("voiceforge_engine_failures_total", "Times that an engine gave no answer.", counts.engineFailures)
    page.counter("voiceforge_speech_cache_hits_total", "Sentences that were there.", cache.hits)
    page.counter("voiceforge_speech_cache_misses_total", "Sentences that had to be made.", cache.misses)
    page.counter("voiceforge_speech_cache_evictions_total", "Sentences that made room.", cache.evictions)
    page.gauge("voiceforge_speech_cache_bytes", "Bytes in the cache.", cache.bytes)
  }

  private func writeHistory(_ counts: ServerFigures.Counts, to page: inout MetricsPage) {
    let usage = server.store.usage
    page.gauge("voiceforge_history_calls", "Calls in the history.", usage.entries)
    page.gauge("voiceforge_history_bytes", "Bytes in the history, recordings included.", usage.bytes)
    page.counter("voiceforge_history_evicted_total", "Calls that newer ones pushed out.", usage.evicted)
    page.counter(
      "voiceforge_history_recordings_dropped_total", "Recordings too large to keep.", usage.recordingsDropped)
    page.counter(
      "voiceforge_history_lost_total", "Records that could not be kept.", counts.recordsLost + usage.lost)
    page.gauge("voiceforge_history_waiting", "Records that wait for the database.", usage.waiting)
    page.gauge(
      "voiceforge_history_up", "1 while the history can be read and written.", server.store.health == .well ? 1 : 0)
  }

  private func writeKeys(to page: inout MetricsPage) {
    guard let keyService = server.authorizer.keyService else { return }
    let counts = keyService.figures
    page.gauge("voiceforge_keys_active", "Keys that are neither revoked nor expired.", keyService.keyCount)
    page.gauge(
      "voiceforge_call_tokens_active",
      "Call tokens and client secrets in this server's memory that can still be used; signed ones are in none.",
      keyService.tokenCount)
    page.counter("voiceforge_key_requests_accepted_total", "Requests whose key was good for them.", counts.accepted)
    let refused = KeyRefusal.names.map { (labels: "reason=\"\($0)\"", value: counts.refused[$0] ?? 0) }
    page.counters("voiceforge_key_requests_refused_total", "Requests refused for their key, by reason.", refused)
  }

  /// What `/api/usage` says of today and other days, here since the start.
  private func writeUsage(to page: inout MetricsPage) {
    let totals = server.usage.totals
    func write(_ name: String, _ help: String, _ figure: (UsageCounts) -> Double) {
      let lines = totals.map { (labels: "key=\"\($0.key ?? "")\"", value: figure($0.counts)) }
      page.counters("voiceforge_usage_\(name)_total", help, lines)
    }
    write("calls", "Calls that ended, by key.") { Double($0.calls) }
    write("refused_calls", "Calls that were not taken, by key.") { Double($0.refusedCalls) }
    write("call_seconds", "Length of the calls, by key.") { $0.callTime.seconds }
    write("turns", "Turns that callers took, by key.") { Double($0.turns) }
    write("recognized_seconds", "Sound that was recognised, by key.") { $0.recognizedTime.seconds }
    write("synthesized_characters", "Characters that were spoken, by key.") { Double($0.synthesizedCharacters) }
    write("synthesized_seconds", "Speech that was made, by key.") { $0.synthesizedTime.seconds }
    write("cache_hits", "Sentences of calls that were there already, by key.") { Double($0.cacheHits) }
    write("model_requests", "Questions to the language model, by key.") { Double($0.modelRequests) }
    write("prompt_tokens", "Tokens of these questions, by key.") { Double($0.promptTokens) }
    write("answer_tokens", "Tokens of the answers, by key.") { Double($0.answerTokens) }
    let sum = totals.reduce(into: UsageCounts()) { $0 += $1.counts }
    page.gauge("voiceforge_model_requests", "Questions to the language model that go on.", server.chat.questionCount)
    page.counter("voiceforge_model_requests_total", "Questions to the language model that ended.", sum.modelRequests)
    page.counters(
      "voiceforge_model_tokens_total", "Tokens of the questions and the answers.",
      [("kind=\"prompt\"", sum.promptTokens), ("kind=\"answer\"", sum.answerTokens)])
  }

  private func writeLoops(to page: inout MetricsPage) {
    let loops = media.map { (labels: "loop=\"\($0.configuration.name)\"", load: $0.load) }
    page.gauges(
      "voiceforge_loop_connections", "WebSockets of a media loop.",
      loops.map { ($0.labels, $0.load.connectionCount) })
    page.gauges(
      "voiceforge_loop_busy_ratio", "Share of a core that a media loop uses.",
      loops.map { ($0.labels, $0.load.busyShare) })
    let ticks = zip(loops.map(\.labels), server.ticks).flatMap { labels, window in
      [0.5, 0.99].map { share in
        (labels: "\(labels),quantile=\"\(share)\"", value: Double(window.lateness(ofShare: share)) / 1_000_000)
      }
    }
    page.gauges("voiceforge_loop_tick_lateness_seconds", "How late ticks came over the last second.", ticks)
  }
}
