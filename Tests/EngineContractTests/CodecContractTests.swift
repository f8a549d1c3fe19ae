import CAllocationCounter
import CallCore
import CallDriver
import Engines
import Testing

/// What every codec owes.
@Suite("Every codec")
struct CodecContractTests {
  /// A second of a 440 Hz tone at 16 kHz.
  private let tone = PCMBuffer(
    sampleRate: 16000, samples: TestSound.tone(hertz: 440, sampleRate: 16000, samples: 16000))

  @Test("gives back the sound", arguments: CodecHarness.formats)
  func roundTrip(format: AudioFormat) throws {
    let heard = try CodecHarness.decoded(CodecHarness.encoded(tone, format), format)
    let decibels = CodecHarness.signalToNoise(tone.samples, heard)
    #expect(decibels >= format.codec.signalToNoiseMin, "\(decibels) dB")
  }

  @Test("gives back the sound as late as its format says, within 1 ms", arguments: CodecHarness.formats)
  func delay(format: AudioFormat) throws {
    let reader = Array(try EngineHarness.heard(EngineHarness.clip("two_cities.wav"))[16_000..<48_000])
    let heard = try CodecHarness.decoded(
      CodecHarness.encoded(PCMBuffer(sampleRate: 16_000, samples: reader), format), format)
    let samples = CodecHarness.delay(of: heard, behind: reader)
    let difference = CallDuration.microseconds(Int64(samples) * 1_000_000 / 16_000) - format.delay
    #expect(abs(difference.microseconds) <= 1_000, "\(samples) samples")
  }

  @Test("gives 320 samples per packet and bounds the packets' size", arguments: CodecHarness.formats)
  func sizes(format: AudioFormat) throws {
    let speech = try CodecHarness.encoded(tone, format)
    #expect((50...51).contains(speech.packetCount))
    #expect(try CodecHarness.decoded(speech, format).count == 320 * speech.packetCount)
    for index in 0..<speech.packetCount {
      #expect(format.packetBytes.contains(speech.withPacket(index) { $0.count }))
    }
  }

  @Test("encodes the same samples to the same bytes, whatever came before", arguments: CodecHarness.formats)
  func deterministic(format: AudioFormat) throws {
    let encoder = try AudioCodecCatalog().makeEncoder(format)
    let noise = PCMBuffer(sampleRate: 24000, samples: TestSound.noise(samples: 12345, amplitude: 5000))
    let first = try encoder.encode(tone)
    _ = try encoder.encode(noise)
    let second = try encoder.encode(tone)
    #expect(first.bytes == second.bytes)
    #expect(first.packetEnds == second.packetEnds)
  }

  @Test("encodes nothing to no packets", arguments: CodecHarness.formats)
  func nothing(format: AudioFormat) throws {
    #expect(try CodecHarness.encoded(PCMBuffer(sampleRate: 24000, samples: []), format).packetCount == 0)
  }

  @Test("refuses a packet that is none and decodes the next", arguments: CodecHarness.formats)
  func corruptPacket(format: AudioFormat) throws {
    let speech = try CodecHarness.encoded(tone, format)
    let decoder = try AudioCodecCatalog().makeDecoder(format)
    var frame = [Int16](repeating: 0, count: 320)
    try frame.withUnsafeMutableBufferPointer { frame in
      for wrong in [[], [UInt8](repeating: 0xFF, count: 5001)] {
        #expect(throws: EngineError.self) { _ = try wrong.withUnsafeBytes { try decoder.decode($0, into: frame) } }
      }
      let count = try speech.lendPacket(3) { try decoder.decode($0, into: frame) }
      #expect(count == 320)
    }
  }

  @Test("fills 320 samples for lost packets, and a long gap fades away", arguments: CodecHarness.formats)
  func concealment(format: AudioFormat) throws {
    let speech = try CodecHarness.encoded(tone, format)
    let one = try CodecHarness.decoded(speech, format, lost: [20])
    #expect(one.count == 320 * speech.packetCount)
    #expect(loudest(one[(20 * 320)..<(21 * 320)]) > 2000, "one lost frame is filled with sound")
    let gap = try CodecHarness.decoded(speech, format, lost: Set(20..<40))
    #expect(loudest(gap[(36 * 320)..<(40 * 320)]) < 800, "after 320 ms nothing is left")
  }

  @Test(
    "decodes and conceals without a heap allocation",
    .enabled(if: counts_allocations() != 0, "a sanitizer has its own allocator"), arguments: CodecHarness.formats)
  func allocations(format: AudioFormat) throws {
    let speech = try CodecHarness.encoded(tone, format)
    let decoder = try AudioCodecCatalog().makeDecoder(format)
    var frame = [Int16](repeating: 0, count: 320)
    let counted = try frame.withUnsafeMutableBufferPointer { frame in
      // Once each before counting: the Swift runtime looks types up on first use.
      _ = try speech.lendPacket(0) { try decoder.decode($0, into: frame) }
      try speech.lendPacket(1) { try decoder.conceal(next: $0, into: frame) }
      let before = allocations_of_this_thread()
      for index in 1..<speech.packetCount - 1 {
        if index % 10 == 0 {
          try speech.lendPacket(index + 1) { try decoder.conceal(next: $0, into: frame) }
        } else {
          _ = try speech.lendPacket(index) { try decoder.decode($0, into: frame) }
        }
      }
      return allocations_of_this_thread() - before
    }
    #expect(counted == 0)
  }

  @Test(
    "the allocation counter counts", .enabled(if: counts_allocations() != 0, "a sanitizer has its own allocator"))
  func counterBites() {
    let before = allocations_of_this_thread()
    let block = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 8)
    #expect(allocations_of_this_thread() - before == 1)
    block.deallocate()
  }

  @Test("an Opus packet that is not 20 ms is refused", arguments: [0x50, 0x58, 0x40] as [UInt8])
  func otherFrameSizes(firstByte: UInt8) throws {
    // RFC 6716, 3.1: configurations 8 to 10 are SILK wide band of 10, 20, 40 and 60 ms; code 0 is one frame.
    let decoder = try AudioCodecCatalog().makeDecoder(AudioFormat(codec: .opus, sampleRate: 16000))
    var frame = [Int16](repeating: 0, count: 320)
    let packet: [UInt8] = [firstByte, 1, 2, 3, 4, 5, 6, 7]
    _ = frame.withUnsafeMutableBufferPointer { frame in
      #expect(throws: EngineError.self) { _ = try packet.withUnsafeBytes { try decoder.decode($0, into: frame) } }
    }
  }

  @Test("Opus uses the copy of a lost packet inside the next")
  func forwardErrorCorrection() throws {
    let format = AudioFormat(codec: .opus, sampleRate: 16000)
    let sentence = try EngineHarness.catalog.synthesizer(for: "heart").synthesize(
      ContractSentences.all[0], voice: "heart")
    let said = try EngineHarness.heard(sentence)
    let protected = try CodecHarness.encoded(sentence, format, opus: OpusSettings(expectedLossPercent: 20))
    let plain = try CodecHarness.encoded(sentence, format)
    let lost = Set(stride(from: 5, to: protected.packetCount - 1, by: 5))
    let withCopies = try CodecHarness.signalToNoise(said, CodecHarness.decoded(protected, format, lost: lost))
    let without = try CodecHarness.signalToNoise(said, CodecHarness.decoded(plain, format, lost: lost))
    #expect(withCopies > without + 1, "\(withCopies) dB with copies, \(without) dB without")
  }

  @Test("refuses what the product does not speak")
  func unsupportedFormats() {
    for (codec, rate) in [(AudioCodec.mulaw, 16000), (.opus, 44100), (.pcm16, 12000)] {
      let format = AudioFormat(codec: codec, sampleRate: rate)
      #expect(throws: EngineError.self) { _ = try AudioCodecCatalog().makeDecoder(format) }
      #expect(throws: EngineError.self) { _ = try AudioCodecCatalog().makeEncoder(format) }
    }
  }

  @Test("µ-law keeps every code: decoding and encoding again gives the same byte")
  func mulawIsExact() throws {
    let format = AudioFormat(codec: .mulaw, sampleRate: 8000)
    let tone = PCMBuffer(sampleRate: 8000, samples: TestSound.tone(hertz: 300, sampleRate: 8000, samples: 160))
    #expect(try CodecHarness.encoded(tone, format).bytes.count == 160)
    // ITU-T G.711, table 2a: positive full scale is 0x80, negative full scale 0x00, positive zero 0xFF.
    let corners = PCMBuffer(sampleRate: 8000, samples: [32767, -32768, 0, 1000, -1000])
    #expect(Array(try CodecHarness.encoded(corners, format).bytes.prefix(5)) == [0x80, 0x00, 0xFF, 0xCE, 0x4E])
  }

  @Test(
    "A-law keeps every code: decoding and encoding again gives the same byte, and a sample is half a step off at most")
  func alawIsExact() throws {
    let format = AudioFormat(codec: .alaw, sampleRate: 8000)
    // ITU-T G.711, table 1a: positive full scale is 0xAA, negative full scale 0x2A, positive zero 0xD5.
    let corners = PCMBuffer(sampleRate: 8000, samples: [32767, -32768, 0, 1000, -1000])
    #expect(Array(try CodecHarness.encoded(corners, format).bytes.prefix(5)) == [0xAA, 0x2A, 0xD5, 0xFA, 0x7A])
    #expect((UInt8.min...UInt8.max).allSatisfy { G711.alaw(of: G711.sample(alaw: $0)) == $0 })
    for sample in stride(from: -32_256, through: 32_256, by: 7) {
      let error = abs(Int(G711.sample(alaw: G711.alaw(of: Int16(sample)))) - sample)
      // 16 steps from a power of two to the next.
      let step = max((1 << (Int.bitWidth - 1 - max(abs(sample), 1).leadingZeroBitCount)) / 16, 16)
      #expect(error <= step / 2, "\(sample)")
    }
  }

  private func loudest(_ samples: ArraySlice<Int16>) -> Int { samples.map { Int($0.magnitude) }.max() ?? 0 }
}
