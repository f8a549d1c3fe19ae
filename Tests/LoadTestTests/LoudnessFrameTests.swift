import CallCore
import CallDriver
import LoadTest
import Testing

@Suite("20 ms of a bot, as a load call hears them")
struct LoudnessFrameTests {
  @Test(
    "each sample at 16 kHz is the one of the stream at its instant",
    arguments: [
      AudioFormat(codec: .mulaw, sampleRate: 8000), AudioFormat(codec: .alaw, sampleRate: 8000),
      AudioFormat(codec: .pcm16, sampleRate: 8000), AudioFormat(codec: .pcm16, sampleRate: 16_000),
      AudioFormat(codec: .pcm16, sampleRate: 24_000), AudioFormat(codec: .pcm16, sampleRate: 48_000),
    ])
  func samples(_ format: AudioFormat) {
    let frame = LoudnessFrame(format)
    for count in [0, 1, 2, 3, format.sampleRate / 50 - 1, format.sampleRate / 50] {
      // Every code of G.711 comes at some place of some packet.
      for shift in [0, 131] {
        let codes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &+ shift) }
        let linear = (0..<count).map { Int16(truncatingIfNeeded: ($0 &+ shift) &* 977) }
        let sent =
          switch format.codec {
          case .mulaw: codes.map { G711.sample(mulaw: $0) }
          case .alaw: codes.map { G711.sample(alaw: $0) }
          case .pcm16, .opus: linear
          }
        let packet =
          format.codec == .pcm16
          ? linear.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] } : codes
        let heard = packet.withUnsafeBytes { Array(frame.read($0)) }
        let wanted = (0..<count * 16_000 / format.sampleRate).map { sent[$0 * format.sampleRate / 16_000] }
        #expect(heard == wanted, "\(count) samples")
      }
    }
  }
}
