package import CallCore
import CallDriver
import Simulation

/// 20 ms of an agent, as loud as they were sent, at 16 kHz: enough to hear whether it speaks. Of a slower stream each sample stands several
/// times, of a faster one some are left out, which costs a fiftieth of a resampler and leaves the energy what it is.
package struct LoudnessFrame: ~Copyable {
  private let samples = UnsafeMutableBufferPointer<Int16>.allocate(capacity: CallerEnvironment.frameSamples)
  private let format: AudioFormat

  /// - Parameter format: G.711, or linear, at any rate.
  package init(_ format: AudioFormat) {
    self.format = format
    samples.initialize(repeating: 0)
  }

  deinit { samples.deallocate() }

  /// - Parameter packet: 20 ms in the format; what is longer is cut off.
  /// - Returns: at most 320 samples at 16 kHz, valid until the next call.
  package func read(_ packet: UnsafeRawBufferPointer) -> UnsafeBufferPointer<Int16> {
    let count =
      switch format.codec {
      case .mulaw: read(packet, by: Self.mulaw)
      case .alaw: read(packet, by: Self.alaw)
      case .pcm16, .opus:
        fill(of: packet.count / 2) {
          Int16(littleEndian: packet.loadUnaligned(fromByteOffset: $0 * 2, as: Int16.self))
        }
      }
    return UnsafeBufferPointer(rebasing: samples[..<count])
  }

  private func read(_ packet: UnsafeRawBufferPointer, by values: [Int16]) -> Int {
    values.withUnsafeBufferPointer { values in fill(of: packet.count) { values[Int(packet[$0])] } }
  }

  /// - Parameters:
  ///   - sent: samples of the packet.
  ///   - sample: the one at a place of it.
  /// - Returns: samples that are there now.
  @inline(__always)
  private func fill(of sent: Int, _ sample: (Int) -> Int16) -> Int {
    let (rate, wanted) = (format.sampleRate, CallTracks.sampleRate)
    let count = min(sent * wanted / rate, samples.count)
    if rate * 2 == wanted {
      for index in 0..<count / 2 {
        let value = sample(index)
        samples[index * 2] = value
        samples[index * 2 + 1] = value
      }
      return count
    }
    var (index, rest) = (0, 0)
    for place in 0..<count {
      samples[place] = sample(index)
      rest += rate
      while rest >= wanted {
        rest -= wanted
        index += 1
      }
    }
    return count
  }

  /// What each code of G.711 stands for.
  private static let mulaw = (0...UInt8.max).map { G711.sample(mulaw: $0) }
  private static let alaw = (0...UInt8.max).map { G711.sample(alaw: $0) }
}
