import CallCore
import Wires
import Testing
import TestSupport
import JSON

@Suite("Audio packet header")
struct AudioPacketHeaderTests {
  static let frame: [UInt8] = [1, 2, 1, 0, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 0, 0, 0xAA, 0xBB]

  static func frame(with byte: UInt8, at offset: Int) -> [UInt8] {
    var frame = frame
    frame[offset] = byte
    return frame
  }

  static func frame(payloadBytes: Int) -> [UInt8] {
    Array(frame.prefix(16)) + [UInt8](repeating: 0, count: payloadBytes)
  }

  func decode(_ frame: [UInt8]) throws(AudioPacketFault) -> AudioPacketHeader {
    try frame.span.bytes.withUnsafeBytes { bytes throws(AudioPacketFault) in try AudioPacketHeader(decoding: bytes) }
  }

  @Test("the fields stand where Wire.md says, little-endian")
  func layout() throws {
    let header = try decode(Self.frame)
    #expect(header.codec == .mulaw)
    #expect(header.isLastOfUtterance)
    #expect(header.sequence == 0x0102_0304)
    #expect(header.microseconds == 0x0304_0506_0708)
    let payload = Self.frame.withUnsafeBytes { Array(AudioPacketHeader.payload(of: $0)) }
    #expect(payload == [0xAA, 0xBB])
  }

  static let greatTimes: [[UInt64]] = [
    [0x20_0000_0000_0000, 0x20_0000_0000_0000], [0x1F_FFFF_FFFF_FFFF, 0x1F_FFFF_FFFF_FFFF],
    [0x8000_0000_0000_0000, 0x20_0000_0000_0000], [UInt64.max, 0x20_0000_0000_0000],
  ]

  @Test("a time beyond 2^53 is read as that: arithmetic with it never overflows", arguments: greatTimes)
  func greatTime(times: [UInt64]) throws {
    let (sent, read) = (times[0], times[1])
    var bytes = Self.frame
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: sent.littleEndian, toByteOffset: 8, as: UInt64.self) }
    #expect(try decode(bytes).microseconds == read)
  }

  @Test("encoding writes exactly the 16 bytes that were decoded")
  func encoding() throws {
    var buffer = [UInt8](repeating: 0xEE, count: 18)
    let header = try decode(Self.frame)
    buffer.withUnsafeMutableBytes { header.encode(into: $0) }
    #expect(buffer == Array(Self.frame.prefix(16)) + [0xEE, 0xEE])
  }

  @Test("each codec keeps its byte", arguments: [(AudioCodec.opus, UInt8(0)), (.pcm16, 1), (.mulaw, 2), (.alaw, 3)])
  func codecs(codec: AudioCodec, byte: UInt8) {
    #expect(codec.byte == byte)
    #expect(AudioCodec(byte: byte) == codec)
  }

  @Test("a byte that no codec has is answered with the list of those that one has")
  func unknownCodec() {
    #expect(AudioCodec.allCases.allSatisfy { $0.sampleRates.contains($0.defaultSampleRate) })
    #expect(Set(AudioCodec.allCases.map(\.byte)).count == AudioCodec.allCases.count)
    #expect(AudioCodec(byte: 200) == nil)
    #expect(AudioCodec(byte: 255) == nil)
    #expect(
      AudioPacketFault.unknownCodec(200).wireFault.message
        == "codec (byte 1): expected 0 for Opus, 1 for PCM16, 2 for µ-law or 3 for A-law, got 200")
  }

  static let faultyFrames: [([UInt8], AudioPacketFault)] = [
    ([], .truncated(bytes: 0)),
    (Array(frame.prefix(15)), .truncated(bytes: 15)),
    (Array(frame.prefix(16)), .empty),
    (frame(with: 2, at: 0), .wrongKind(2)),
    (frame(with: 200, at: 1), .unknownCodec(200)),
    (frame(with: 9, at: 3), .reservedByte(9)),
    (frame(payloadBytes: 4001), .tooLarge(payloadBytes: 4001)),
  ]

  @Test("what is wrong is named", arguments: faultyFrames)
  func faults(frame: [UInt8], fault: AudioPacketFault) {
    #expect(throws: fault) { try decode(frame) }
  }

  @Test("4,000 bytes of payload are allowed, and flags of later versions are passed over")
  func edges() throws {
    #expect(try decode(Self.frame(payloadBytes: 4000)).codec == .mulaw)
    #expect(try !decode(Self.frame(with: 0xFE, at: 2)).isLastOfUtterance)
  }

  @Test("only a too large frame ends the call, and every fault says what was expected and what came")
  func words() {
    #expect(AudioPacketFault.tooLarge(payloadBytes: 4001).wireFault.isFatal)
    #expect(AudioPacketFault.tooLarge(payloadBytes: 4001).wireFault.code == .frameTooLarge)
    #expect(AudioPacketFault.tooLarge(payloadBytes: 4001).wireFault.message.contains("got 4001"))
    for fault in [
      AudioPacketFault.truncated(bytes: 3), .empty, .wrongKind(9), .unknownCodec(8), .reservedByte(7),
    ] {
      #expect(!fault.wireFault.isFatal)
      #expect(fault.wireFault.message.contains("expected") && fault.wireFault.message.contains("got"))
    }
  }

  @Test("random frames are decoded or refused, and what is decoded encodes to the same bytes", arguments: [1, 2, 3])
  func random(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var decoded = 0
    for _ in 0..<20_000 {
      var frame = generator.bytes(Int.random(in: 0...40, using: &generator))
      if frame.count > 3, Bool.random(using: &generator) {
        frame.replaceSubrange(0..<4, with: [1, frame[1] % 4, frame[2] % 2, 0])
      }
      if frame.count > 15 { frame.replaceSubrange(14..<16, with: [0, 0]) }  // greater times are bounded
      guard let header = try? decode(frame) else { continue }
      decoded += 1
      var buffer = [UInt8](repeating: 0, count: 16)
      buffer.withUnsafeMutableBytes { header.encode(into: $0) }
      #expect(buffer == Array(frame.prefix(16)), "seed \(seed)")
    }
    #expect(decoded > 1000)
  }
}
