import CallCore
import CallDriver

/// The agent's side as a caller hears it: packets decoded, placed one after the other from the moment when they arrive.
struct AgentTrack {
  /// Mean square of a frame that can be heard: −50 dBFS.
  static let audible = 10_000

  private let decoder: any AudioDecoder
  private var frame = [Int16](repeating: 0, count: 320)
  private(set) var samples: [Int16] = []
  /// When the packets that arrived so far are played to their end.
  private(set) var playedUntil = Timestamp.zero
  /// When the present utterance began to play; `nil` between utterances.
  private(set) var utteranceStart: Timestamp?
  /// Whether the last packet was an utterance's last.
  private(set) var isBetweenUtterances = true
  /// Packets of an utterance that came over `gapMax` after the one before them had been played to its end.
  private(set) var latePackets = 0
  private let keepsSamples: Bool

  /// A longer gap in an utterance is heard and counts as a dropout.
  static let gapMax = CallDuration.milliseconds(20)

  init(decoder: any AudioDecoder, keepsSamples: Bool) {
    self.decoder = decoder
    self.keepsSamples = keepsSamples
  }

  /// Takes in a packet.
  /// - Returns: whether it can be heard.
  mutating func receive(_ packet: UnsafeRawBufferPointer, isLast: Bool, at now: Timestamp) throws(EngineError) -> Bool {
    let decoder = decoder
    let count = try frame.withUnsafeMutableBufferPointer { buffer throws(EngineError) in
      try decoder.decode(packet, into: buffer)
    }
    if isBetweenUtterances || utteranceStart == nil {
      utteranceStart = max(now, playedUntil)
    } else if now - playedUntil > Self.gapMax {
      latePackets += 1
    }
    isBetweenUtterances = isLast
    let start = max(now, playedUntil)
    playedUntil = start + .milliseconds(20)
    if keepsSamples { place(count, at: start) }
    return frame.prefix(count).reduce(0) { $0 + Int($1) * Int($1) } / max(count, 1) > Self.audible
  }

  /// Drops what is not played yet.
  mutating func clear(at now: Timestamp) {
    playedUntil = min(playedUntil, now)
    isBetweenUtterances = true
    utteranceStart = nil
    samples.removeLast(max(samples.count - position(of: now), 0))
  }

  private mutating func place(_ count: Int, at start: Timestamp) {
    let position = position(of: start)
    if samples.count < position { samples += [Int16](repeating: 0, count: position - samples.count) }
    samples += frame.prefix(count)
  }

  private func position(of instant: Timestamp) -> Int { Int(instant.microseconds * 16 / 1000) }
}

/// The caller's side as the server hears it: every packet that was sent, decoded and placed where its 20 ms were spoken.
struct CallerTrack {
  private let decoder: any AudioDecoder
  private var frame = [Int16](repeating: 0, count: 320)
  private(set) var samples: [Int16] = []
  /// A packet is sent when its 20 ms are over, so the first one holds what was before the call.
  private var isBeforeCall = true

  init(decoder: any AudioDecoder) { self.decoder = decoder }

  /// Takes in a packet; they come every 20 ms without gaps.
  mutating func sent(_ packet: UnsafeRawBufferPointer) throws(EngineError) {
    let decoder = decoder
    let count = try frame.withUnsafeMutableBufferPointer { buffer throws(EngineError) in
      try decoder.decode(packet, into: buffer)
    }
    if !isBeforeCall { samples += frame.prefix(count) }
    isBeforeCall = false
  }
}
