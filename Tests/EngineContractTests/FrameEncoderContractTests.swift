import CAllocationCounter
import CallCore
import CallDriver
import Engines
import Testing

/// What every codec owes that encodes a stream frame by frame.
@Suite("Every codec, frame by frame")
struct FrameEncoderContractTests {
  private static let tone = TestSound.tone(hertz: 440, sampleRate: 16000, samples: 16000)

  private func encoder(_ format: AudioFormat) throws -> any AudioFrameEncoder {
    try AudioCodecCatalog().makeFrameEncoder(format, expectedLossPercent: 0)
  }

  @Test("gives back the sound of a tone", arguments: CodecHarness.formats)
  func roundTrip(format: AudioFormat) throws {
    let heard = try CodecHarness.decoded(CodecHarness.streamed(Self.tone, encoder(format)), format)
    let decibels = CodecHarness.signalToNoise(Self.tone, heard)
    #expect(decibels >= min(format.codec.signalToNoiseMin, 30), "\(decibels) dB")
  }

  @Test("gives back speech at the delay that it is known to have", arguments: CodecHarness.formats)
  func delay(format: AudioFormat) throws {
    let said = try EngineHarness.heard(
      EngineHarness.catalog.synthesizer(for: "heart").synthesize(ContractSentences.all[0], voice: "heart"))
    let heard = try CodecHarness.decoded(CodecHarness.streamed(said, encoder(format)), format)
    let delay = CodecHarness.delay(of: heard, behind: said)
    #expect(abs(delay - format.streamDelay) <= 4, "\(delay) samples")
  }

  @Test("sends one packet a frame, within the room that it asks for", arguments: CodecHarness.formats)
  func sizes(format: AudioFormat) throws {
    let noise = TestSound.noise(samples: 16000, amplitude: 20000)
    let stream = try CodecHarness.streamed(noise, encoder(format))
    #expect(stream.packetCount == 50)
    #expect(try CodecHarness.decoded(stream, format).count == 16000)
    for index in 0..<stream.packetCount {
      #expect(format.packetBytes.contains(stream.withPacket(index) { $0.count }))
    }
  }

  @Test("gives the same packets for the same stream", arguments: CodecHarness.formats)
  func deterministic(format: AudioFormat) throws {
    let noise = TestSound.noise(samples: 16000, amplitude: 5000)
    let first = try CodecHarness.streamed(Self.tone + noise, encoder(format))
    let second = try CodecHarness.streamed(Self.tone + noise, encoder(format))
    #expect(first.bytes == second.bytes)
    #expect(first.packetEnds == second.packetEnds)
  }

  @Test(
    "encodes without a heap allocation",
    .enabled(if: counts_allocations() != 0, "a sanitizer has its own allocator"), arguments: CodecHarness.formats)
  func allocations(format: AudioFormat) throws {
    let encoder = try encoder(format)
    var packet = [UInt8](repeating: 0, count: type(of: encoder).packetBytesMax)
    let counted = try Self.tone.withUnsafeBufferPointer { tone in
      try packet.withUnsafeMutableBytes { packet in
        // Once before counting: the Swift runtime looks types up on first use.
        _ = try encoder.encode(UnsafeBufferPointer(rebasing: tone[..<320]), into: packet)
        let before = allocations_of_this_thread()
        for start in stride(from: 320, to: tone.count, by: 320) {
          _ = try encoder.encode(UnsafeBufferPointer(rebasing: tone[start..<(start + 320)]), into: packet)
        }
        return allocations_of_this_thread() - before
      }
    }
    #expect(counted == 0)
  }

  @Test("refuses what the product does not speak")
  func unsupportedFormats() {
    for (codec, rate) in [(AudioCodec.mulaw, 16000), (.opus, 44100), (.pcm16, 12000)] {
      #expect(throws: EngineError.self) { _ = try encoder(AudioFormat(codec: codec, sampleRate: rate)) }
    }
  }
}
