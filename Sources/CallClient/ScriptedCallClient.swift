import CallCore
import CallDriver
import JSON
import Wires
import WebSockets

/// One scripted caller on one WebSocket: speaks its turns in real time, listens, and measures how long it waits. Lives on the loop
/// that `CallerLoop` runs.
final class ScriptedCallClient: CallConnection {
  /// How long before a tick a packet of the microphone is full: room for ticks that jitter, or it would leave a whole tick late.
  private static let packetReserve = CallDuration.milliseconds(5)

  private let script: CallerScript
  private let tell: (CallerEvent) -> Void
  private let header = UnsafeMutableRawBufferPointer.allocate(byteCount: AudioPacketHeader.byteCount, alignment: 8)
  private let silence: EncodedSpeech
  private var agent: AgentTrack
  /// Only where the samples are wanted.
  private var own: CallerTrack?
  private var connection: WebSocketConnection?
  private var report = CallerReport()
  private var isReady = false
  private var isMicrophoneOn = false
  private(set) var isOver = false
  /// The call's zero on the loop's clock.
  private var startedAt: UInt64 = 0
  private var sequence: UInt32 = 0
  /// When the next packet's 20 ms are over.
  private var nextPacketAt = Timestamp.zero
  private var speaking: Speaking?
  private var keysLeft: [Key] = []
  private var nextKeyAt = Timestamp.zero
  /// When the caller's last sound ended; `nil` once the agent was heard after it.
  private var waitingSince: Timestamp?
  private var lastSound = Timestamp.zero

  private struct Speaking {
    let speech: EncodedSpeech
    let end: Timestamp
    var packet = 0
  }

  /// - Parameters:
  ///   - script: what to do.
  ///   - codecs: knows the script's format.
  ///   - keepsSamples: whether the audio of both sides is wanted in the report.
  ///   - tell: called on the loop's thread.
  init(
    script: CallerScript, codecs: any AudioCodecFactory, keepsSamples: Bool, tell: @escaping (CallerEvent) -> Void
  ) throws(EngineError) {
    self.script = script
    self.tell = tell
    let quiet = PCMBuffer(sampleRate: 16_000, samples: [Int16](repeating: 0, count: 320))
    silence = try codecs.makeEncoder(script.format).encode(quiet)
    agent = AgentTrack(decoder: try codecs.makeDecoder(script.format), keepsSamples: keepsSamples)
    if keepsSamples { own = CallerTrack(decoder: try codecs.makeDecoder(script.format)) }
  }

  deinit { header.deallocate() }

  /// The server's record still comes.
  func hangUp() { send(.hangup) }

  // MARK: - The connection

  func opened(_ connection: WebSocketConnection) {
    self.connection = connection
    let request = StartRequest(
      flow: script.flow, codec: script.format.codec, sampleRate: script.format.sampleRate, voice: script.voice,
      metadata: script.metadata, seed: nil)
    send(.start(request))
  }

  func failed(_ failure: WebSocketClientFailure) { finish(.notConnected(failure)) }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    if isText { receiveMessage(bytes, at: now) } else { receivePacket(bytes, at: now) }
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    let wasEnded = report.reason != nil
    finish(wasEnded ? report.failure : report.failure ?? .brokenOff(code: code, reason: reason))
  }

  private func receiveMessage(_ bytes: UnsafeRawBufferPointer, at now: UInt64) {
    let message: ServerMessage
    do throws(WireFault) { message = try ServerMessage(decoding: bytes) } catch {
      report.failure = .refused(code: error.code.rawValue, message: "the server sent rubbish: \(error.message)")
      connection?.close(code: 1002, reason: "bad message")
      return
    }
    switch message {
    case .ready:
      isReady = true
      startedAt = now
      lastSound = .zero
    case .clear: agent.clear(at: time(now))
    case .error(let code, let text, true): report.failure = .refused(code: code, message: text)
    case .ended(let reason, let record):
      report.reason = reason
      report.record = record
    case .speech, .transcript, .state, .agent, .tool, .turn, .error, .unknown: break
    }
    tell(.message(message))
  }

  private func receivePacket(_ bytes: UnsafeRawBufferPointer, at now: UInt64) {
    do throws(AudioPacketFault) {
      let header = try AudioPacketHeader(decoding: bytes)
      playPacket(AudioPacketHeader.payload(of: bytes), isLast: header.isLastOfUtterance, at: time(now))
    } catch {
      report.failure = .refused(code: "bad-frame", message: "the server sent a bad packet: \(error)")
    }
  }

  private func playPacket(_ packet: UnsafeRawBufferPointer, isLast: Bool, at now: Timestamp) {
    report.packetsReceived += 1
    do throws(EngineError) {
      let isAudible = try agent.receive(packet, isLast: isLast, at: now)
      report.agentPacketsLate = agent.latePackets
      guard isAudible else { return }
    } catch {
      report.failure = .refused(code: "bad-frame", message: "the server sent audio that cannot be decoded: \(error)")
      return
    }
    lastSound = agent.playedUntil
    if let since = waitingSince, now > since {
      waitingSince = nil
      report.latencies.append((report.turnsBegun, now - since))
      tell(.answered(turn: report.turnsBegun, after: now - since))
    }
  }

  // MARK: - Time

  func tick(at monotonic: UInt64) {
    guard isReady, !isOver, report.reason == nil else { return }
    let now = time(monotonic)
    if !isMicrophoneOn {
      isMicrophoneOn = true
      nextPacketAt = now - Self.packetReserve + .milliseconds(20)
    }
    pressKeys(at: now)
    if speaking == nil, keysLeft.isEmpty, isCue(at: now) { beginTurn(at: now) }
    if isOutOfPatience(at: now) { hangUp() }
    while nextPacketAt <= now { sendPacket(at: now) }
  }

  private func isCue(at now: Timestamp) -> Bool {
    guard report.turnsBegun < script.turns.count else { return false }
    switch script.turns[report.turnsBegun].cue {
    case .whenAsked:
      return report.packetsReceived > 0 && waitingSince == nil && agent.isBetweenUtterances
        && now - agent.playedUntil >= script.pauseBeforeAnswer
    case .overAgent(let delay):
      guard waitingSince == nil, !agent.isBetweenUtterances, let start = agent.utteranceStart else { return false }
      return now - start >= delay
    }
  }

  private func beginTurn(at now: Timestamp) {
    let turn = script.turns[report.turnsBegun]
    report.turnsBegun += 1
    tell(.began(turn: report.turnsBegun, label: turn.label))
    switch turn.action {
    case .say(let speech, let speechEnd):
      // A packet is sent when its 20 ms are over, as by a microphone.
      speaking = Speaking(speech: speech, end: nextPacketAt - .milliseconds(20) + speechEnd)
    case .press(let keys):
      keysLeft = keys
      nextKeyAt = now
    case .type(let text):
      send(.text(text))
      waitingSince = now
    }
    lastSound = max(lastSound, now)
  }

  private func pressKeys(at now: Timestamp) {
    guard !keysLeft.isEmpty, now >= nextKeyAt else { return }
    send(.dtmf(keysLeft.removeFirst().character))
    nextKeyAt = now + .milliseconds(150)
    lastSound = now
    if keysLeft.isEmpty { waitingSince = now }
  }

  private func isOutOfPatience(at now: Timestamp) -> Bool {
    if speaking != nil || !keysLeft.isEmpty { return false }
    let isDone = report.turnsBegun == script.turns.count && waitingSince == nil && agent.isBetweenUtterances
    return now - max(lastSound, agent.playedUntil) >= (isDone ? CallDuration.seconds(1) : script.patience)
  }

  private func sendPacket(at now: Timestamp) {
    if now - nextPacketAt > .milliseconds(20) { report.packetsLate += 1 }
    let (speech, packet) = speaking.map { ($0.speech, $0.packet) } ?? (silence, 0)
    speech.withPacket(packet) { payload in
      send(payload, at: nextPacketAt)
      recordOwn(payload)
    }
    report.packetsSent += 1
    nextPacketAt = nextPacketAt + .milliseconds(20)
    guard var speaking else { return }
    speaking.packet += 1
    lastSound = now
    if speaking.packet == speaking.speech.packetCount {
      waitingSince = speaking.end
      self.speaking = nil
    } else {
      self.speaking = speaking
    }
  }

  private func recordOwn(_ payload: UnsafeRawBufferPointer) {
    do throws(EngineError) { try own?.sent(payload) } catch {
      preconditionFailure("the caller's own packet cannot be decoded: \(error)")
    }
  }

  private func send(_ payload: UnsafeRawBufferPointer, at instant: Timestamp) {
    let fields = AudioPacketHeader(
      codec: script.format.codec, sequence: sequence, microseconds: UInt64(max(instant.microseconds, 0)))
    fields.encode(into: header)
    sequence &+= 1
    _ = connection?.sendBinary(header: UnsafeRawBufferPointer(header), payload: payload)
  }

  private func send(_ message: ClientMessage) { connection?.send(text: message.jsonText) }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- startedAt))
  }

  private func finish(_ failure: CallerReport.Failure?) {
    guard !isOver else { return }
    isOver = true
    report.failure = failure
    report.agentSamples = agent.samples
    report.callerSamples = own?.samples ?? []
    tell(.finished(report))
  }
}
