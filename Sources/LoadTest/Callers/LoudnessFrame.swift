import CallCore
import CallDriver
import Simulation

/// 20 ms of an agent, as loud as they were sent, at 16 kHz: enough to hear whether it speaks. Of a slower stream each sample stands several
/// times, which costs a fiftieth of a resampler and leaves the energy what it is.
struct LoudnessFrame: ~Copyable {
  private let samples = UnsafeMutableBufferPointer<Int16>.allocate(capacity: CallerEnvironment.frameSamples)
  private let format: AudioFormat
  private let copies: Int

  /// - Parameter format: µ-law at 8 kHz, or linear at 8 or 16 kHz.
  init(_ format: AudioFormat) {
    precondition(CallTracks.sampleRate.isMultiple(of: format.sampleRate), "a load call hears 8 and 16 kHz")
    self.format = format
    copies = CallTracks.sampleRate / format.sampleRate
    samples.initialize(repeating: 0)
  }

  deinit { samples.deallocate() }

  /// - Parameter packet: 20 ms in the format.
  func read(_ packet: UnsafeRawBufferPointer) -> UnsafeBufferPointer<Int16> {
    let count = min(packet.count / (format.codec == .mulaw ? 1 : 2), samples.count / copies)
    for index in 0..<count {
      let sample =
        format.codec == .mulaw
        ? G711.sample(mulaw: packet[index])
        : Int16(littleEndian: packet.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
      for copy in 0..<copies { samples[index * copies + copy] = sample }
    }
    return UnsafeBufferPointer(rebasing: samples[..<(count * copies)])
  }
}
