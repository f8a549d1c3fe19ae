import CallCore
import CallDriver

/// Brings frames of 20 ms from 16 kHz to a codec's own rate.
final class FrameResampler {
  /// Samples of one frame at the codec's rate.
  let samples: Int
  private let resampler: SpeechResampler?
  private let scratch: UnsafeMutableBufferPointer<Int16>

  /// - Parameter sampleRate: of the codec.
  init(to sampleRate: Int) throws(EngineError) {
    samples = sampleRate / MediaFrame.perSecond
    resampler =
      sampleRate == MediaFrame.sampleRate ? nil : try SpeechResampler(from: MediaFrame.sampleRate, to: sampleRate)
    scratch = .allocate(capacity: samples)
    scratch.initialize(repeating: 0)
  }

  deinit { scratch.deallocate() }

  /// The frame at the codec's rate, valid until the next one.
  func resample(_ frame: UnsafeBufferPointer<Int16>) throws(EngineError) -> UnsafeBufferPointer<Int16> {
    precondition(frame.count == MediaFrame.samples, "a frame has 320 samples")
    guard let resampler else { return frame }
    let written = try resampler.resample(frame, into: scratch)
    for index in written..<samples { scratch[index] = 0 }
    return UnsafeBufferPointer(scratch)
  }
}
