import CallCore
import CallDriver
import Simulation

/// 20 ms of an agent, as loud as they were sent, at 16 kHz: enough to hear whether it speaks. Of a slower stream each sample stands several
/// times, of a faster one some are left out, which costs a fiftieth of a resampler and leaves the energy what it is.
struct LoudnessFrame: ~Copyable {
  private let samples = UnsafeMutableBufferPointer<Int16>.allocate(capacity: CallerEnvironment.frameSamples)
  private let format: AudioFormat

  /// - Parameter format: G.711, or linear, at any rate.
  init(_ format: AudioFormat) {
    self.format = format
    samples.initialize(repeating: 0)
  }

  deinit { samples.deallocate() }

  /// - Parameter packet: 20 ms in the format.
  func read(_ packet: UnsafeRawBufferPointer) -> UnsafeBufferPointer<Int16> {
    let sent = packet.count / (format.codec == .pcm16 ? 2 : 1)
    let count = min(sent * CallTracks.sampleRate / format.sampleRate, samples.count)
    var last = -1
    for place in 0..<count {
      let index = place * format.sampleRate / CallTracks.sampleRate
      samples[place] = index == last ? samples[place - 1] : sample(index, of: packet)
      last = index
    }
    return UnsafeBufferPointer(rebasing: samples[..<count])
  }

  private func sample(_ index: Int, of packet: UnsafeRawBufferPointer) -> Int16 {
    switch format.codec {
    case .mulaw: G711.sample(mulaw: packet[index])
    case .alaw: G711.sample(alaw: packet[index])
    case .pcm16, .opus: Int16(littleEndian: packet.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
    }
  }
}
