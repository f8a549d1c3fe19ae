import CallCore
import CallDriver

/// The real codecs; each packet that is decoded makes a note of what its thread allocated, so that the difference of two notes is
/// all that the media loop did in one frame of a lone call.
final class CountingCodecs: AudioCodecFactory {
  let log = AllocationLog()
  private let real = TestEngines.catalog.codecs

  func makeDecoder(_ format: AudioFormat) throws(EngineError) -> any AudioDecoder {
    CountingDecoder(real: try real.makeDecoder(format), log: log)
  }

  func makeEncoder(_ format: AudioFormat) throws(EngineError) -> any AudioEncoder { try real.makeEncoder(format) }

  func makeFrameEncoder(
    _ format: AudioFormat, expectedLossPercent: Int
  ) throws(EngineError) -> any AudioFrameEncoder {
    try real.makeFrameEncoder(format, expectedLossPercent: expectedLossPercent)
  }

  private final class CountingDecoder: AudioDecoder {
    let real: any AudioDecoder
    let log: AllocationLog

    init(real: any AudioDecoder, log: AllocationLog) {
      self.real = real
      self.log = log
    }

    func decode(
      _ packet: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>
    ) throws(EngineError) -> Int {
      log.increment()
      return try real.decode(packet, into: frame)
    }

    func conceal(next: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>) throws(EngineError) {
      try real.conceal(next: next, into: frame)
    }
  }
}
