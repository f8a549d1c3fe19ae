import CallCore
import JSON

/// What the client is told of the call.
extension LegacyApplicationSide {
  /// Says what happened, as far as the wire has a message for it.
  public func send(_ command: WireCommand, _ write: (String) -> Void) {
    switch command {
    case .ready(let notice): begin(notice)
    case .report(let report): tell(report)
    case .fault(let fault, let isFatal): tell(fault, isFatal: isFatal)
    case .ended(let reason, let document): end(reason, document)
    case .aside: break  // its clients ask nothing beside the call
    }
    flush { text, _ in write(text) }
    if case .report(.agentStarted) = command { sendHeld(write) }
  }

  private func begin(_ notice: ReadyNotice) {
    isReady = true
    awaitsReply = session?.hasAgent == true
    startedAtMilliseconds = Int(notice.startedAtUnixMicroseconds / 1000)
    say("ready", eventID: cause) { writer in
      writer.field("sessionId", notice.callID)
      writer.field("serverTimestamp", startedAtMilliseconds)
    }
  }

  /// Milliseconds since 1970 UTC.
  private var timestamp: Int { startedAtMilliseconds + now.milliseconds }

  private func tell(_ report: CallReport) {
    switch report {
    case .speechStopped(let instant): turnEnd = (instant, now)
    case .transcript(let entry, final: false): tellPartial(entry)
    case .transcript(let entry, final: true): tellFinal(entry)
    case .agentStarted(let entry): agentStarted(entry)
    case .agentContinued(let entry): agentContinued(entry)
    case .agentFinished(let entry), .agentInterrupted(let entry): agentDone(entry)
    case .turnAnswered(let latency): tellMetrics(latency)
    case .trouble(let code, let message):
      // A key that found no place has no id here.
      if code == "too-early", isTyping { _ = textIDs.popLast() }
      sayError(.handler, message, isRecoverable: true, eventID: cause)
    case .speechStarted, .stateEntered, .nobodySpoke, .toolsWanted, .toolUsed, .agentPaused, .agentResumed, .clear:
      break  // no message of the wire
    }
  }

  // MARK: - Words

  private func tellPartial(_ entry: TranscriptEntry) {
    say("stt_partial", eventID: audioEventID) { writer in
      writer.field("text", entry.text)
      writer.field("timestamp", timestamp)
    }
  }

  private func tellFinal(_ entry: TranscriptEntry) {
    guard entry.role == .caller, let session else { return }
    isSpoken = entry.source == .speech
    if entry.source == .text {
      cause = textIDs.isEmpty ? nil : textIDs.removeFirst()
    } else {
      cause = audioEventID
      if !entry.text.isEmpty { tellWords(entry) }
    }
    preparation = nil
    if isPaused { owesReply = true }
    guard session.hasAgent, !isPaused, !entry.text.isEmpty else { return }
    awaitsReply = true
    say("agent_thinking", eventID: cause) { $0.field("status", "thinking") }
  }

  private func tellWords(_ entry: TranscriptEntry) {
    say("stt_final", eventID: cause) { writer in
      writer.field("text", entry.text)
      writer.field("language", LegacySession.language)
      guard isSpoken, let turnEnd else { return }
      writer.field("duration", thousandths: max((turnEnd.speech - entry.at).milliseconds, 0))
      writer.object("latency") { writer in
        writer.field("capture", audio.lastPiece.milliseconds)
        writer.field("processing", max((now - turnEnd.decided).milliseconds, 0))
        writer.field("total", max((now - turnEnd.speech).milliseconds, 0))
      }
    }
  }

  // MARK: - The agent

  private func agentStarted(_ entry: TranscriptEntry) {
    told = entry.utterance
    toldText = entry.text
    awaitsReply = false
    tellReply(entry.text)
  }

  /// The wire has no way to add to a reply: what is new is a reply of its own.
  private func agentContinued(_ entry: TranscriptEntry) {
    guard told == entry.utterance, entry.text.hasPrefix(toldText) else { return }
    let more = entry.text.dropFirst(toldText.count).drop { $0 == " " }
    toldText = entry.text
    tellReply(String(more))
  }

  private func tellReply(_ text: String) {
    guard session?.hasAgent == true else { return }
    say("agent_reply", eventID: cause) { writer in
      writer.field("text", text)
      writer.field("timestamp", timestamp)
    }
  }

  /// Audio that waited for the words.
  private func sendHeld(_ write: (String) -> Void) {
    guard chunks.utterance == told else { return }
    chunks.prepare(eventID: cause ?? ownID())
    guard chunks.isDue else { return }
    write(String(decoding: chunks.makeMessage(), as: UTF8.self))
    chunkSent()
  }

  private func agentDone(_ entry: TranscriptEntry) {
    guard told == entry.utterance else { return }
    told = nil
    guard session?.speaks == true else { return }
    let streaming = streamed.map { $0.last - $0.first } ?? .zero
    say("tts_complete", eventID: cause) { writer in
      writer.field("duration", thousandths: entry.heard.milliseconds)
      writer.object("latency") { writer in
        if let preparation { writer.field("processing", preparation.milliseconds) }
        writer.field("streaming", streaming.milliseconds)
        if let preparation { writer.field("total", (preparation + streaming).milliseconds) }
      }
    }
  }

  private func tellMetrics(_ latency: TurnLatency) {
    let speaks = session?.speaks == true
    let speech = latency.synthesis + latency.playout
    preparation = speech
    let load = load()
    say("metrics", eventID: cause) { writer in
      writer.object("metrics") { writer in
        if isSpoken { writer.field("sttLatency", (latency.endpoint + latency.recognition).milliseconds) }
        if session?.hasAgent == true { writer.field("agentLatency", latency.flow.milliseconds) }
        if speaks { writer.field("ttsLatency", speech.milliseconds) }
        writer.field("endToEndLatency", latency.total.milliseconds)
        writer.field("activeConnections", load.connections)
        writer.field("queueDepth", load.queueDepth)
      }
    }
  }

  // MARK: - The end

  private func tell(_ fault: WireFault, isFatal: Bool) {
    if isFatal {
      switch fault.code {
      case .wrongKey: closeCode = 4001
      case .inactiveKey: closeCode = 4002
      case .busy: closeCode = 1013
      default: break
      }
    }
    sayError(
      LegacyErrorCode(fault.code, isReady: isReady), fault.message, isRecoverable: !isFatal, eventID: cause)
  }

  private func end(_ reason: CloseReason, _ document: CallDocument?) {
    guard let document else { return }
    let latencies = document.record.turnLatencies.map(\.total.milliseconds)
    say("ended", eventID: cause) { writer in
      writer.field("reason", Self.word(for: reason))
      writer.object("stats") { writer in
        writer.field("duration", thousandths: max(document.record.duration.milliseconds, 0))
        writer.field("messagesProcessed", counts.messages)
        if !latencies.isEmpty { writer.field("avgLatency", latencies.reduce(0, +) / latencies.count) }
        writer.field("errorCount", counts.errors)
      }
    }
  }

  /// Why the session ended; other words than the protocol's own one are those of our wire.
  private static func word(for reason: CloseReason) -> String {
    reason == .callerHungUp ? "client_requested" : reason.rawValue.split(separator: "-").joined(separator: "_")
  }
}
