import CSpeexDSP
public import CallCore
public import CallDriver

/// Changes the sample rate of mono speech, by SpeexDSP's band-limited interpolation. Keeps the filter's memory between
/// calls, so that a stream may be passed piece by piece; used by one thread at a time.
public final class SpeechResampler {
  /// Filter length, 0 … 10. 5 has 80 taps per period of the lower rate: 2.5 ms of delay from 48 kHz, 5 ms from 8 kHz.
  static let streamQuality: Int32 = 5
  /// For whole utterances, where delay is cut off and time matters little: 128 taps.
  static let utteranceQuality: Int32 = 8

  private let state: OpaquePointer

  /// - Parameters:
  ///   - source: samples per second of the input, above 0.
  ///   - target: samples per second of the output, above 0.
  init(from source: Int, to target: Int, quality: Int32 = streamQuality) throws(EngineError) {
    var code: Int32 = 0
    guard let state = speex_resampler_init(1, UInt32(source), UInt32(target), quality, &code), code == 0 else {
      throw .library(function: "speex_resampler_init", code: Int(code))
    }
    self.state = state
  }

  deinit { speex_resampler_destroy(state) }

  /// Resamples a piece of a stream. The first samples of a stream are the filter's delay. Allocates nothing.
  ///
  /// - Returns: samples written; the rest of `input` is lost when `output` has too little room.
  func resample(
    _ input: UnsafeBufferPointer<Int16>, into output: UnsafeMutableBufferPointer<Int16>
  ) throws(EngineError) -> Int {
    guard let source = input.baseAddress, let target = output.baseAddress else { return 0 }
    var read = UInt32(input.count)
    var written = UInt32(output.count)
    let code = speex_resampler_process_int(state, 0, source, &read, target, &written)
    guard code == 0 else { throw .library(function: "speex_resampler_process_int", code: Int(code)) }
    return Int(written)
  }

  /// Resamples a whole utterance without delay.
  ///
  /// - Parameter rate: samples per second wanted, 1000 … 192 000.
  /// - Returns: `speech` itself when it has that rate; otherwise `samples × rate / speech.sampleRate` samples, rounded up.
  /// - Throws: `.unsupported` for a rate outside the limits.
  public static func resample(_ speech: PCMBuffer, to rate: Int) throws(EngineError) -> PCMBuffer {
    if speech.sampleRate == rate { return speech }
    guard (1000...192_000).contains(rate), (1000...192_000).contains(speech.sampleRate) else {
      throw .unsupported("cannot resample from \(speech.sampleRate) Hz to \(rate) Hz")
    }
    let resampler = try SpeechResampler(from: speech.sampleRate, to: rate, quality: utteranceQuality)
    speex_resampler_skip_zeros(resampler.state)
    let delay = Int(speex_resampler_get_input_latency(resampler.state))
    let input = speech.samples + [Int16](repeating: 0, count: delay + 1)
    let wanted = (speech.samples.count * rate + speech.sampleRate - 1) / speech.sampleRate
    var output = [Int16](repeating: 0, count: wanted)
    try output.withUnsafeMutableBufferPointer { target throws(EngineError) in
      try input.withUnsafeBufferPointer { source throws(EngineError) in
        _ = try resampler.resample(source, into: target)
      }
    }
    return PCMBuffer(sampleRate: rate, samples: output)
  }
}

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

/// The frame that every decoder delivers.
enum MediaFrame {
  /// Samples per second inside the product.
  static let sampleRate = 16000
  /// Samples of 20 ms.
  static let samples = 320
  /// Frames per second.
  static let perSecond = 50
}
