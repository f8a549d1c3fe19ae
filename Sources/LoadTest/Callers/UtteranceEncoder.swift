import CallCore
import CallDriver
import Simulation

/// One caller's microphone and encoder, as a recording is made.
final class UtteranceEncoder {
  private let encoder: any AudioFrameEncoder
  private let environment: CallerEnvironment
  private let voice = UnsafeMutableBufferPointer<Int16>.allocate(capacity: CallerEnvironment.frameSamples)
  private let agent = UnsafeMutableBufferPointer<Int16>.allocate(capacity: CallerEnvironment.frameSamples)
  private let frame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: CallerEnvironment.frameSamples)
  private let packet: UnsafeMutableRawBufferPointer

  init(plan: CallerPlan, codecs: any AudioCodecFactory) throws(EngineError) {
    let encoder = try codecs.makeFrameEncoder(plan.testCase.world.format)
    self.encoder = encoder
    packet = .allocate(byteCount: type(of: encoder).packetBytesMax, alignment: 8)
    environment = CallerEnvironment(
      world: plan.testCase.world, seed: plan.seed, speechPower: plan.speechPower, noiseSound: plan.noiseSound)
    for buffer in [voice, agent, frame] { buffer.initialize(repeating: 0) }
  }

  deinit {
    for buffer in [voice, agent, frame] { buffer.deallocate() }
    packet.deallocate()
  }

  /// Encodes a frame of silence and forgets it.
  func skip() throws(EngineError) {
    voice.update(repeating: 0)
    _ = try encode()
  }

  /// Encodes `sound`, 16 kHz mono, and one frame more: the encoder lags some milliseconds behind.
  func record(_ sound: [Int16]) throws(EngineError) -> EncodedSpeech {
    var bytes: [UInt8] = []
    var ends: [Int32] = []
    let count = (sound.count + voice.count - 1) / voice.count + 1
    for index in 0..<count {
      for place in voice.indices {
        let position = index * voice.count + place
        voice[place] = position < sound.count ? sound[position] : 0
      }
      let length = try encode()
      bytes += packet[..<length]
      ends.append(Int32(bytes.count))
    }
    return EncodedSpeech(bytes: bytes, packetEnds: ends)
  }

  private func encode() throws(EngineError) -> Int {
    environment.mix(voice: UnsafeBufferPointer(voice), agent: UnsafeBufferPointer(agent), into: frame)
    return try encoder.encode(UnsafeBufferPointer(frame), into: packet)
  }
}
