public import CallCore

/// Both sides of a call on one sample clock, as the packets that travelled: about 6 KB a second instead of 64 KB as PCM.
public struct CallRecording: Sendable {
  /// What the caller sent, placed where it arrived.
  public var caller: RecordedTrack
  /// What the agent said, placed where it was due; what was cut off is not here.
  public var agent: RecordedTrack

  package init(caller: RecordedTrack, agent: RecordedTrack) {
    self.caller = caller
    self.agent = agent
  }

  /// Bytes that it holds.
  public var byteCount: Int { caller.byteCount + agent.byteCount }
}

/// One side of a recorded call: packets of 20 ms and where each begins.
public struct RecordedTrack: Sendable {
  /// How the packets are written.
  public let format: AudioFormat
  /// All packets, one after the other.
  public let bytes: [UInt8]
  /// Where packet `i` begins, in 16 kHz samples since the start of the call; ascending.
  public let positions: [UInt32]
  /// Offset in `bytes` behind packet `i`; the last is `bytes.count`.
  public let ends: [UInt32]
  /// Packets that did not fit.
  public let dropped: Int

  package init(format: AudioFormat, bytes: [UInt8], positions: [UInt32], ends: [UInt32], dropped: Int = 0) {
    precondition(positions.count == ends.count, "every packet has a beginning and an end")
    precondition(Int(ends.last ?? 0) == bytes.count, "the last packet ends where the bytes end")
    self.format = format
    self.bytes = bytes
    self.positions = positions
    self.ends = ends
    self.dropped = dropped
  }

  /// Bytes that the track holds.
  public var byteCount: Int { bytes.count + (positions.count + ends.count) * 4 }
  /// Number of packets.
  public var packetCount: Int { ends.count }

  /// Lends the bytes of packet `index` without copying.
  public func withPacket<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let start = index == 0 ? 0 : Int(ends[index - 1])
    let end = Int(ends[index])
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }
}

/// A recording as databases keep it and servers hand it on: a byte for the version of this form, then the caller's side and the
/// agent's. A side is the codec's name with its length in front, sample rate, packets that were dropped, number of packets, their
/// positions, their ends, and the packets themselves. Numbers have four bytes, the lowest first.
public enum RecordingArchive {
  private static let version: UInt8 = 1

  /// The whole recording.
  public static func bytes(of recording: CallRecording) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(recording.byteCount + 64)
    bytes.append(version)
    for track in [recording.caller, recording.agent] {
      bytes.append(UInt8(track.format.codec.rawValue.utf8.count))
      bytes += track.format.codec.rawValue.utf8
      for number in [track.format.sampleRate, track.dropped, track.packetCount] {
        bytes += UInt32(clamping: number).littleEndianBytes
      }
      for number in track.positions + track.ends { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
      bytes += track.bytes
    }
    return bytes
  }

  /// - Returns: `nil` for bytes that are no recording of this version.
  public static func recording(from bytes: [UInt8]) -> CallRecording? {
    var rest = bytes[...]
    guard rest.popFirst() == version, let caller = track(&rest), let agent = track(&rest), rest.isEmpty else {
      return nil
    }
    return CallRecording(caller: caller, agent: agent)
  }

  private static func track(_ rest: inout ArraySlice<UInt8>) -> RecordedTrack? {
    guard let length = rest.popFirst(), rest.count >= Int(length),
      let codec = AudioCodec(rawValue: String(decoding: rest.prefix(Int(length)), as: UTF8.self))
    else { return nil }
    rest = rest.dropFirst(Int(length))
    guard let rate = number(&rest), let dropped = number(&rest), let count = number(&rest),
      rest.count >= 8 * Int(count)
    else { return nil }
    let positions = (0..<count).compactMap { _ in number(&rest) }
    let ends = (0..<count).compactMap { _ in number(&rest) }
    let size = Int(ends.last ?? 0)
    guard zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }), rest.count >= size else { return nil }
    defer { rest = rest.dropFirst(size) }
    return RecordedTrack(
      format: AudioFormat(codec: codec, sampleRate: Int(rate)), bytes: Array(rest.prefix(size)), positions: positions,
      ends: ends, dropped: Int(dropped))
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
    guard rest.count >= 4 else { return nil }
    defer { rest = rest.dropFirst(4) }
    return rest.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
