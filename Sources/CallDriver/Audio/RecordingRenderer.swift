public import CallCore

/// Decodes a recorded call: both sides as samples on one clock.
public struct RecordingRenderer {
  private let codecs: any AudioCodecFactory

  /// - Parameter codecs: knows the formats of the tracks.
  public init(codecs: any AudioCodecFactory) { self.codecs = codecs }

  /// Longest recording that is rendered: two hours, the call's longest and as much again. Positions beyond it are damaged.
  private static let samplesMax = 2 * 3600 * 16_000

  /// Both sides as a WAV file: 16 kHz stereo, caller left, agent right. Gaps are silence, and so is a packet that cannot be decoded.
  /// - Throws: when a format is not known any more.
  public func wav(_ recording: CallRecording) throws(EngineError) -> [UInt8] {
    let caller = try samples(of: recording.caller)
    let agent = try samples(of: recording.agent)
    let count = max(caller.count, agent.count)
    var both = [Int16](repeating: 0, count: count * 2)
    for (index, sample) in caller.enumerated() { both[index * 2] = sample }
    for (index, sample) in agent.enumerated() { both[index * 2 + 1] = sample }
    return WAVFile.bytes(samples: both, channels: 2, sampleRate: FrameFormat.sampleRate)
  }

  /// One side as 16 kHz samples from the start of the call.
  /// - Throws: when its format is not known any more.
  public func samples(of track: RecordedTrack) throws(EngineError) -> [Int16] {
    let decoder = try codecs.makeDecoder(track.format)
    let end = min(Int(track.positions.last ?? 0) + FrameFormat.samples, Self.samplesMax)
    var samples = [Int16](repeating: 0, count: track.packetCount == 0 ? 0 : end)
    let frame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: FrameFormat.samples)
    defer { frame.deallocate() }
    for index in 0..<track.packetCount {
      let decoded = track.withPacket(index) { packet in decode(packet, with: decoder, into: frame) }
      let start = Int(track.positions[index])
      for offset in 0..<decoded where start + offset < samples.count { samples[start + offset] = frame[offset] }
    }
    return samples
  }

  private func decode(
    _ packet: UnsafeRawBufferPointer, with decoder: any AudioDecoder, into frame: UnsafeMutableBufferPointer<Int16>
  ) -> Int {
    do throws(EngineError) {
      return try decoder.decode(packet, into: frame)
    } catch {
      return 0  // silence, as documented
    }
  }
}
