package import CallCore

/// A simulated caller that sends a frame every 20 ms of an absolute clock, through the network that the case asks for. Knows no wire.
package struct PacedCaller {
  /// Length of a frame.
  package static let frame = CallDuration.milliseconds(20)

  /// Time between two ticks of a caller, in microseconds: a frame.
  private static let tickPeriod: Int64 = 20_000

  /// The zero of a call that begins now, up to a frame before: so that frames fall due half a frame off the ticks that send them. One that is
  /// due just when the loop ticks would leave with this tick or the next one, as luck will have it, and count as late.
  /// - Parameters:
  ///   - now: on the loop's clock, in microseconds.
  ///   - tick: a tick of the caller near to it.
  package static func zero(ofCallAt now: UInt64, tick: UInt64) -> UInt64 {
    let since = Int64(bitPattern: now &- tick) % tickPeriod
    return now &- UInt64((since + tickPeriod + tickPeriod / 2) % tickPeriod)
  }

  /// Sends a packet now.
  package typealias Transmit = (_ packet: UnsafeRawBufferPointer, _ sequence: UInt32, _ stamp: UInt64) -> Void

  private struct Late {
    var at: Timestamp
    var sequence: UInt32
    var stamp: UInt64
    var bytes: [UInt8]
  }

  /// Who speaks.
  package let caller: SimulatedCaller
  /// When the next frame ends.
  package private(set) var nextFrame = Timestamp.zero + frame
  private var network: LossyNetwork
  private var sequence: UInt32 = 0
  /// Packets that the simulated network holds back, the first one due first.
  private var held: [Late] = []
  private var lateFrames = 0

  /// Begins with the call.
  package init(_ caller: SimulatedCaller, _ order: SimulatedOrder) {
    self.caller = caller
    network = LossyNetwork(conditions: order.testCase.world.network, seed: order.seed)
  }

  /// Sends the next frame.
  package mutating func step(at now: Timestamp, _ transmit: Transmit) throws(EngineError) -> CallerCommand {
    if now - nextFrame > Self.frame { lateFrames += 1 }
    let command = try caller.step(at: nextFrame) { packet in post(packet, at: now, transmit) }
    nextFrame = nextFrame + Self.frame
    return command
  }

  /// Sends what the network held back until now.
  package mutating func sendHeld(by now: Timestamp, _ transmit: Transmit) {
    while let late = held.first, late.at <= now {
      held.removeFirst()
      late.bytes.withUnsafeBytes { transmit($0, late.sequence, late.stamp) }
    }
  }

  /// What is known when the call is over.
  package func evidence(at end: Timestamp) -> CallEvidence {
    var evidence = caller.evidence(mode: .live, at: end)
    evidence.network = network.counts
    evidence.lateFrames = lateFrames
    return evidence
  }

  private mutating func post(_ packet: UnsafeRawBufferPointer, at now: Timestamp, _ transmit: Transmit) {
    let stamp = UInt64(max(nextFrame.microseconds, 0))
    for arrival in network.send(at: nextFrame) {
      // A loop that is late finds packets due that it has not sent yet: the order is the network's all the same.
      if arrival <= now, held.first.map({ $0.at > arrival }) ?? true {
        transmit(packet, sequence, stamp)
      } else {
        let late = Late(at: arrival, sequence: sequence, stamp: stamp, bytes: Array(packet))
        held.insert(late, at: held.firstIndex { $0.at > arrival } ?? held.count)
      }
    }
    sequence &+= 1
  }
}

/// How a simulated caller behaves, whatever the wire.
package struct SimulatedOrder: Sendable {
  /// Its luck.
  package var seed: UInt64
  /// What it holds.
  package var testCase: TestCase
  /// Called on the loop's thread when the other side has taken the call.
  package var answered: (@Sendable () -> Void)?

  /// - Parameter answered: see there.
  package init(_ plan: CallerPlan, answered: (@Sendable () -> Void)? = nil) {
    (seed, testCase, self.answered) = (plan.seed, plan.testCase, answered)
  }
}

extension TestCase {
  /// What only the built-in agent can be asked for cannot be asked of a server.
  package func checkedForServers() throws(CallFailure) -> TestCase {
    guard agent.fault == nil, world.engineTroubles.isEmpty else {
      throw .refused(
        code: "built-in-only", message: "a faulty agent and engine trouble can only be had in virtual time")
    }
    return self
  }
}
