import CallCore
import CallDriver
import Testing

@Suite("Recordings")
struct RecordingTests {
  let renderer = RecordingRenderer(codecs: PlainCodecs())

  func track(_ packets: [(position: Int, bytes: [UInt8])], byteLimit: Int = 1_000_000) -> RecordedTrack {
    let recorder = TrackRecorder(format: PlainCodecs.format, byteLimit: byteLimit)
    for packet in packets { packet.bytes.withUnsafeBytes { recorder.append($0, at: packet.position) } }
    return recorder.finish()
  }

  @Test("packets stand where they were, and gaps are silence")
  func positions() throws {
    let samples = try renderer.samples(
      of: track([(100, PlainCodecs.packet(of: 7)), (1000, PlainCodecs.packet(of: 8))]))
    let expected: [Int16] =
      Array(repeating: 0, count: 100) + Array(repeating: 7, count: 320) + Array(repeating: 0, count: 580)
      + Array(repeating: 8, count: 320)
    #expect(samples == expected)
  }

  @Test("a packet that cannot be decoded leaves silence, and the rest its place")
  func undecodable() throws {
    let samples = try renderer.samples(
      of: track([(0, PlainCodecs.packet(of: 7)), (320, [1, 2, 3]), (640, PlainCodecs.packet(of: 8))]))
    #expect(samples[319] == 7)
    #expect(samples[320..<640].allSatisfy { $0 == 0 })
    #expect(samples[640] == 8)
    #expect(samples.count == 960)
  }

  @Test("a packet that overlaps the one before it replaces its end")
  func overlap() throws {
    let samples = try renderer.samples(of: track([(0, PlainCodecs.packet(of: 7)), (300, PlainCodecs.packet(of: 8))]))
    #expect(samples == Array(repeating: 7, count: 300) + Array(repeating: 8, count: 320))
  }

  @Test("a position beyond any call does not take the memory of the machine")
  func damagedPosition() throws {
    let samples = try renderer.samples(of: track([(0, PlainCodecs.packet(of: 7)), (.max, PlainCodecs.packet(of: 8))]))
    #expect(samples.count == 2 * 3600 * 16_000)
    #expect(samples[0] == 7)
  }

  @Test("both sides stand side by side, the shorter one followed by silence")
  func stereo() throws {
    let recording = CallRecording(
      caller: track([(0, PlainCodecs.packet(of: 100))]), agent: track([(320, PlainCodecs.packet(of: 300))]))
    let bytes = try renderer.wav(recording)
    let file = try WAVFile(parsing: bytes)
    #expect(file.channels == 2)
    #expect(file.audio.sampleRate == 16_000)
    // The mean of both sides, as one of them is silent.
    #expect(file.audio.samples == Array(repeating: 50, count: 320) + Array(repeating: 150, count: 320))
    // Caller left: the first sample of a pair.
    #expect(Array(bytes[44..<48]) == [100, 0, 0, 0])
    #expect(Array(bytes.suffix(4)) == [0, 0, 44, 1])
  }

  @Test("a call without a packet has no samples")
  func empty() throws {
    #expect(try renderer.samples(of: track([])).isEmpty)
  }

  @Test("a format that is not known any more is said, not played as noise")
  func unknownFormat() {
    let track = RecordedTrack(
      format: AudioFormat(codec: .opus, sampleRate: 16_000), bytes: [], positions: [], ends: [])
    #expect(throws: EngineError.self) { try renderer.samples(of: track) }
  }

  @Test("a full track leaves later packets out and counts them")
  func limit() {
    // Each packet costs its bytes and 8 for its place and end.
    let packet = [UInt8](repeating: 1, count: 12)
    let full = track([(0, packet), (320, packet), (640, packet)], byteLimit: 59)
    #expect(full.packetCount == 2)
    #expect(full.byteCount == 40)
    #expect(full.dropped == 1)
    #expect(track([(0, packet), (320, packet), (640, packet)], byteLimit: 60).packetCount == 3)
  }

  @Test("ten minutes of packets come back byte for byte, and leave the recorder empty")
  func long() {
    let recorder = TrackRecorder(format: PlainCodecs.format, byteLimit: 2_000_000)
    let packets = (0..<30_000).map { index in [UInt8](repeating: UInt8(index % 251), count: 20 + index % 60) }
    for (index, packet) in packets.enumerated() { packet.withUnsafeBytes { recorder.append($0, at: index * 320) } }
    let sizes = packets.map(\.count).reduce(0, +) + 30_000 * 8
    #expect(recorder.byteCount == sizes)
    let track = recorder.finish()
    #expect(track.byteCount == sizes)
    #expect(track.packetCount == 30_000 && track.dropped == 0)
    #expect(packets.indices.allSatisfy { index in track.withPacket(index) { $0.elementsEqual(packets[index]) } })
    #expect(track.positions == (0..<30_000).map { $0 * 320 })
    #expect(recorder.packetCount == 0 && recorder.byteCount == 0)
  }

  @Test("a recorder without room drops every packet and counts it", arguments: [0, -1, 8])
  func noRoom(byteLimit: Int) {
    let recorder = TrackRecorder(format: PlainCodecs.format, byteLimit: byteLimit)
    PlainCodecs.packet(of: 7).withUnsafeBytes { recorder.append($0, at: 0) }
    let track = recorder.finish()
    #expect(track.packetCount == 0 && track.dropped == 1)
  }

  @Test("a smaller packet may still fit, at its own place")
  func smallerPacketFits() {
    let packet = [UInt8](repeating: 1, count: 12)
    let track = track([(0, packet), (320, packet), (640, [5])], byteLimit: 30)
    #expect(track.positions == [0, 640])
    #expect(track.withPacket(1) { Array($0) } == [5])
    #expect(track.dropped == 1)
  }
}
