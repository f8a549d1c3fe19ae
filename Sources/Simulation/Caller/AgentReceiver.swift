import CallCore

/// The agent's side as the caller hears it: frames placed one after the other from the moment when they arrive, as a client plays
/// them that buffers nothing.
struct AgentReceiver {
  /// What happened to an utterance.
  enum News: Equatable {
    case nothing
    case began(Timestamp)
  }

  /// Samples of one frame: 20 ms at 16 kHz.
  static let frameSamples = 320

  private(set) var samples: [Int16] = []
  private var playout = AgentPlayout()

  init() { samples.reserveCapacity(60 * CallTracks.sampleRate) }

  /// Takes in a frame of 320 samples.
  mutating func receive(_ frame: UnsafeBufferPointer<Int16>, isLast: Bool, at now: Timestamp) -> News {
    let (start, begins) = playout.receive(isLast: isLast, at: now)
    let position = CallTracks.position(of: start)
    if samples.count < position { samples.append(contentsOf: repeatElement(0, count: position - samples.count)) }
    samples.append(contentsOf: frame)
    return begins ? .began(start) : .nothing
  }

  /// - Returns: when the utterance ended, if it did by now.
  mutating func endedUtterance(by now: Timestamp) -> Timestamp? { playout.endedUtterance(by: now) }

  /// Drops what is not played yet.
  /// - Returns: whether an utterance was cut off by it.
  mutating func clear(at now: Timestamp) -> Bool {
    let wasInUtterance = playout.clear(at: now)
    samples.removeLast(max(samples.count - CallTracks.position(of: now), 0))
    return wasInUtterance
  }

  /// Copies the frame that was played from `start` on; silence where there was none.
  func copyFrame(from start: Timestamp, into frame: UnsafeMutableBufferPointer<Int16>) {
    let first = CallTracks.position(of: start)
    for index in 0..<frame.count {
      frame[index] = first + index < samples.count ? samples[first + index] : 0
    }
  }
}
