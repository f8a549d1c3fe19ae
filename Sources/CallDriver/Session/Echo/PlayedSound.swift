import CallCore

/// What the agent said in the last second, as its client decodes it, by call time; and the same at a quarter of the rate, in which echoes are
/// looked for. Allocates nothing per frame.
final class PlayedSound {
  /// Samples that are kept: 1.02 s. A power of two.
  static let countMax = 16_384
  /// Samples of `slow` for each of its own.
  static let slowFactor = 4
  private static let slowMax = countMax / slowFactor

  private let decoder: any AudioDecoder
  private let ring = UnsafeMutableBufferPointer<Int16>.allocate(capacity: countMax)
  private let slow = UnsafeMutableBufferPointer<Int16>.allocate(capacity: slowMax)
  private let frame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: FrameFormat.samples)
  private var lastSlow = 0
  /// Call time behind the last sample, in samples; silence follows.
  private(set) var end = 0

  /// - Parameter decoder: of the call's format, for this alone.
  init(decoder: any AudioDecoder) {
    self.decoder = decoder
    ring.initialize(repeating: 0)
    slow.initialize(repeating: 0)
    frame.initialize(repeating: 0)
  }

  deinit {
    ring.deallocate()
    slow.deallocate()
    frame.deallocate()
  }

  /// Decodes the next packet. What cannot be decoded is silence.
  func append(_ packet: PlayedPackets.Packet) {
    let position = packet.position & ~(Self.slowFactor - 1)
    if position > end { addSilence(until: position) }
    let count = packet.speech.withPacket(packet.index) { bytes in
      do throws(EngineError) { return try decoder.decode(bytes, into: frame) } catch { return 0 }
    }
    for index in count..<FrameFormat.samples { frame[index] = 0 }
    write(at: position)
    end = position + FrameFormat.samples
  }

  /// Copies 320 samples from call sample `position` on; what is not known, is silence.
  func copyFrame(from position: Int, to target: UnsafeMutableBufferPointer<Int16>) {
    for index in 0..<FrameFormat.samples {
      let place = position + index
      target[index] = isKept(place) ? ring[place & (Self.countMax - 1)] : 0
    }
  }

  /// Copies samples of a quarter of the rate, differences of neighbours, that end before call sample `end`.
  func copySlow(until end: Int, to target: UnsafeMutableBufferPointer<Int16>) {
    let first = end / Self.slowFactor - target.count
    for index in target.indices {
      let place = first + index
      target[index] = isKept(place * Self.slowFactor) ? slow[place & (Self.slowMax - 1)] : 0
    }
  }

  private func isKept(_ position: Int) -> Bool { position >= 0 && position < end && position >= end - Self.countMax }

  private func addSilence(until position: Int) {
    for place in max(end, position - Self.countMax)..<position { ring[place & (Self.countMax - 1)] = 0 }
    for place in max(end, position - Self.countMax) / Self.slowFactor..<position / Self.slowFactor {
      slow[place & (Self.slowMax - 1)] = 0
    }
    lastSlow = 0
  }

  private func write(at position: Int) {
    for index in frame.indices { ring[(position + index) & (Self.countMax - 1)] = frame[index] }
    SlowSound.reduce(UnsafeBufferPointer(frame), last: &lastSlow) { index, value in
      slow[(position / Self.slowFactor + index) & (Self.slowMax - 1)] = value
    }
  }
}

/// Sound at a quarter of the rate, as differences of neighbouring samples: a voice's low frequencies are its loudest, and would all look alike.
enum SlowSound {
  /// - Parameters:
  ///   - frame: 16 kHz mono; a multiple of four samples.
  ///   - last: mean of the four samples before, and afterwards of the last four.
  ///   - write: takes in each difference, −32768 … 32767, with its place.
  static func reduce(_ frame: UnsafeBufferPointer<Int16>, last: inout Int, _ write: (Int, Int16) -> Void) {
    for index in 0..<frame.count / 4 {
      let place = index * 4
      let mean = (Int(frame[place]) + Int(frame[place + 1]) + Int(frame[place + 2]) + Int(frame[place + 3])) >> 2
      write(index, Int16(clamping: mean - last))
      last = mean
    }
  }
}
