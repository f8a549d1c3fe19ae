import Bounds
import CallCore
import CallDriver
import JSON
import Simulation
import Threads
import WebSockets
import Wires

/// One media stream that a provider opened for a call that was dialed from here: on it talks a simulated caller, with whoever took the call.
/// Lives on its loop.
final class CallerSocket: LoopCall {
  let number: CallNumber
  let slot: Int
  private let connection: WebSocketConnection
  private unowned let loop: MediaLoop
  private let seat: CallerStreams.Seat
  private let side: TelephonyApplicationSide
  private let openedAt = MonotonicClock.now()
  private var queue = PlayoutQueue(format)
  private var paced: PacedCaller?
  /// The call's zero on the loop's clock.
  private var startedAt: UInt64 = 0
  private var lastNow: UInt64 = 0
  private var lastTick: UInt64 = 0
  private var faults = 0
  private var budget = TokenBucket.packets
  /// Keys as they sound: such a stream has no message for them. They go out in place of what the caller says meanwhile, which is nothing.
  private var tones: [[UInt8]] = []
  private var failure: CallFailure?
  private var hasStopped = false
  private var isOver = false

  /// What telephones carry.
  private static let format = AudioFormat(codec: .mulaw, sampleRate: 8000)
  /// Silence after which the agent's utterance counts as over (`TelephonyTarget.agentPause`).
  static let agentPause = CallDuration.milliseconds(900)

  init(number: CallNumber, connection: WebSocketConnection, loop: MediaLoop, slot: Int, seat: CallerStreams.Seat) {
    (self.number, self.connection, self.loop, self.slot, self.seat) = (number, connection, loop, slot, seat)
    guard let side = TelephonyApplicationSide(.twilio) else { preconditionFailure("Twilio is a telephone provider") }
    self.side = side
  }

  func opened() { loop.server.dials.streamOpened(seat.id) }

  // MARK: - From the provider

  func receive(_ bytes: UnsafeRawBufferPointer, isText: Bool, at now: UInt64) {
    lastNow = max(lastNow, now)
    guard !isOver else { return }
    guard budget.consume(at: now) else { return giveUp(.rubbish("more than \(budget.perSecond) messages a second")) }
    do throws(WireFault) {
      _ = try side.receive(bytes, isText: isText) { event in handle(event, at: now) }
    } catch {
      faults += 1
      loop.server.figures.add(\.peerFaults)
      if paced == nil || error.isFatal || faults > SocketCall.faultsMax { giveUp(.rubbish(error.message)) }
    }
  }

  private func handle(_ event: WireEvent, at now: UInt64) {
    switch event {
    case .opened(let invitation): begin(invitation.request, at: now)
    // Beyond ten minutes that wait, audio is dropped.
    case .audio(let packet, _, _): _ = queue.append(packet)
    case .hungUp: hasStopped = true
    // Nothing that a caller would notice.
    case .key, .text, .played, .markReturned, .rated, .commanded, .answer, .asked, .stopped: break
    }
  }

  private func begin(_ request: StartRequest, at now: UInt64) {
    guard AudioFormat(codec: request.codec, sampleRate: request.sampleRate) == Self.format else {
      return giveUp(.rubbish("a stream that is not µ-law at 8000 Hz"))
    }
    do throws(EngineError) {
      paced = PacedCaller(try seat.makeCaller(), seat.order)
      startedAt = PacedCaller.zero(ofCallAt: now, tick: lastTick)
      seat.order.answered?()
    } catch {
      giveUp(.callerEngine(error.description))
    }
  }

  func skippedMessage(at now: UInt64) {}

  func connectionClosed(code: Int) {
    guard !isOver else { return }
    // 1000 and 1001 end a call as they should; 1005 is a close without a code (RFC 6455, 7.4.1); after `stop` any does.
    guard paced != nil, hasStopped || [1000, 1001, 1005].contains(code) else {
      failure =
        failure ?? .brokenOff(paced == nil ? "before the stream began" : "the provider closed with code \(code)")
      return finish()
    }
    paced?.caller.receive(.ended(.completed, nil), at: time(lastNow))
    drain()
  }

  // MARK: - Time

  func tick(at now: UInt64) {
    (lastNow, lastTick) = (max(lastNow, now), now)
    guard !isOver else { return }
    guard paced != nil else {
      if now &- openedAt > UInt64(loop.server.settings.startWithin.microseconds) {
        giveUp(.hung("no start came within \(loop.server.settings.startWithin.milliseconds / 1000) s"))
      }
      return
    }
    let instant = time(now)
    while let next = paced?.nextFrame, next <= instant, !isOver { step(at: instant) }
    guard !isOver else { return }
    paced?.sendHeld(by: instant, transmit)
    if let after = seat.order.testCase.world.disconnectAfter, instant - .zero >= after {
      giveUp(.brokenOff("as the case asks"))
    } else if instant - .zero >= seat.order.testCase.durationMax {
      failure = .tooLong("over \(seat.order.testCase.durationMax.milliseconds / 1000) s")
      hangUp()
    }
  }

  /// Plays what came of the agent to the end of the caller's next frame, then sends that frame.
  private func step(at now: Timestamp) {
    do throws(EngineError) {
      guard let (caller, next) = paced.map({ ($0.caller, $0.nextFrame) }) else { return }
      try caller.play(&queue, until: next, reached: { _, _ in })
      switch try paced?.step(at: now, transmit) {
      case .nothing, nil: break
      case .press(let key): tones += KeyTone.packets(of: key)
      case .hangUp: hangUp()
      }
    } catch {
      giveUp(.callerEngine(error.description))
    }
  }

  /// Plays what was still to be heard when the stream ended.
  private func drain() {
    guard let paced else { return finish() }
    do throws(EngineError) {
      finish(
        at: try paced.caller.drain(
          &queue, from: paced.nextFrame, limit: seat.order.testCase.durationMax, reached: { _, _ in }))
    } catch {
      giveUp(.callerEngine(error.description))
    }
  }

  private func transmit(_ packet: UnsafeRawBufferPointer, _ sequence: UInt32, _ stamp: UInt64) {
    guard tones.isEmpty else { return tones.removeFirst().withUnsafeBytes { send($0, sequence, stamp) } }
    send(packet, sequence, stamp)
  }

  private func send(_ packet: UnsafeRawBufferPointer, _ sequence: UInt32, _ stamp: UInt64) {
    let speech = AgentPacket(
      packet, number: sequence, due: Timestamp(microseconds: Int64(stamp)), utterance: UtteranceID(1))
    _ = side.send(speech) { connection.sendText(header: $0.header, payload: $0.payload) }
  }

  // MARK: - The end

  func serverStops() { giveUp(.brokenOff("the server is going down")) }
  func deliver(_ content: SpeechResult.Content) {}

  /// The caller has done what it came for.
  private func hangUp() {
    guard !isOver else { return }
    paced?.caller.receive(.ended(.callerHungUp, nil), at: time(lastNow))
    connection.close(code: 1000, reason: "")
    finish()
  }

  private func giveUp(_ failure: CallFailure) {
    guard !isOver else { return }
    self.failure = self.failure ?? failure
    connection.close(code: 1000, reason: "the caller is gone")
    finish()
  }

  /// - Parameter end: of the call; `nil`: now.
  private func finish(at end: Timestamp? = nil) {
    guard !isOver else { return }
    isOver = true
    var evidence =
      paced?.evidence(at: end ?? time(lastNow)) ?? CallEvidence(mode: .live)
    evidence.failure = failure
    evidence.wire = .twilio
    seat.done(evidence)
    loop.server.dials.streamClosed(seat.id)
  }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- startedAt))
  }
}
