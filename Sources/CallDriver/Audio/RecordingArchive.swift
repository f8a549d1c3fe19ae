import CallCore

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
        append(UInt32(clamping: number), to: &bytes)
      }
      for position in track.positions { append(position, to: &bytes) }
      for end in track.ends { append(end, to: &bytes) }
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

  private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
    guard rest.count >= 4 else { return nil }
    defer { rest = rest.dropFirst(4) }
    return rest.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
