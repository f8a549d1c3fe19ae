package import CallCore

/// The agent's packets that were sent last, with the instants at which they are heard: what an echo is an echo of. Written by `AgentAudio`, read
/// by `EchoRemover`; both belong to the call's loop. Allocates nothing per packet.
package final class PlayedPackets {
  /// One of them.
  struct Packet {
    let speech: EncodedSpeech
    let index: Int
    /// Call time of its first sample, in samples.
    let position: Int
  }

  /// Packets that are kept: 2.56 s, which is the longest delay of an echo, the longest lead, and a hold-up of the network. The oldest makes room.
  static let countMax = 128

  private var ring = [Packet?](repeating: nil, count: countMax)
  private var first = 0
  private var count = 0

  /// Whether none is left that was not taken.
  var isEmpty: Bool { count == 0 }

  /// - Parameter due: when it is heard by a client that plays at once; not before the one before it.
  package func append(_ speech: EncodedSpeech, packet: Int, due: Timestamp) {
    if count == Self.countMax { dropFirst() }
    let position = FrameFormat.samples(inMicroseconds: due.microseconds)
    ring[(first + count) % Self.countMax] = Packet(speech: speech, index: packet, position: position)
    count += 1
  }

  /// The agent was stopped: what was due from `now` on is not heard.
  func forget(from now: Timestamp) {
    let position = FrameFormat.samples(inMicroseconds: now.microseconds)
    while count > 0, let last = ring[(first + count - 1) % Self.countMax], last.position >= position {
      ring[(first + count - 1) % Self.countMax] = nil
      count -= 1
    }
  }

  /// The oldest, when it begins before call sample `position`. It is then taken.
  func removeFirst(before position: Int) -> Packet? {
    guard hasPacket(before: position) else { return nil }
    defer { dropFirst() }
    return ring[first]
  }

  /// Whether one is left that begins before call sample `position`.
  func hasPacket(before position: Int) -> Bool {
    guard count > 0, let packet = ring[first] else { return false }
    return packet.position < position
  }

  /// Drops those that end by call sample `position`.
  func dropThose(before position: Int) {
    while count > 0, let packet = ring[first], packet.position + FrameFormat.samples <= position { dropFirst() }
  }

  private func dropFirst() {
    ring[first] = nil
    first = (first + 1) % Self.countMax
    count -= 1
  }
}
