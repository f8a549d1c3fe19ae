import CKissFFT
import CallCore
import Glibc

/// Turns hibari's spectra into sound, after the formula published with the model: in each frame the spectrum is
/// `exp(harmonic)·e^{iπ·tanh(phase)}·STFT(pulses) + exp(noise)·Z + exp(residual)·e^{i·phase}`; frames of 1200 samples
/// under a Hann window overlap by three quarters.
struct HibariVocoder {
  /// Samples of a frame's transform.
  static let size = 1200
  /// Logarithms are cut here, as in the reference, so that a wild output cannot overflow.
  private static let logarithmMax: Float = 7

  private let warp: SpectralWarp
  private let pitch: Double
  /// How the voice is bent; `pitch` holds its part of this already.
  private let style: SpeakingStyle
  private let window: [Float]

  /// - Parameters:
  ///   - pitch: factor on the fundamental frequency.
  ///   - formants: factor on the frequency axis.
  init(pitch: Double, formants: Double) {
    warp = SpectralWarp(factor: formants)
    self.pitch = pitch
    style = .plain
    window = (0..<Self.size).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(Self.size))) }
  }

  private init(_ plain: HibariVocoder, style: SpeakingStyle) {
    warp = plain.warp
    window = plain.window
    pitch = plain.pitch * Double(style.pitchPercent) / 100
    self.style = style
  }

  /// The same vocal tract at another pitch and rate. Costs nothing: the tables are shared.
  ///
  /// The rate is changed here, by leaving out or repeating frames of 12.5 ms, and not with the network's own pace: that rounds the
  /// length of each sound (130 % is 13 % shorter, 150 % is 38 %), and swallows words (word error rate at 150 %: 11 to 20 %).
  func bent(_ style: SpeakingStyle) -> HibariVocoder { HibariVocoder(self, style: style) }

  /// - Returns: `hop` samples per frame, about -1 … 1, at 24 kHz. There are as many frames as the rate asks for.
  func sound(of spectra: HibariSpectra, seed: UInt64) throws(EngineError) -> [Float] {
    guard let forward = kiss_fftr_alloc(Int32(Self.size), 0, nil, nil) else {
      throw .library(function: "kiss_fftr_alloc", code: 0)
    }
    defer { free(UnsafeMutableRawPointer(forward)) }
    guard let inverse = kiss_fftr_alloc(Int32(Self.size), 1, nil, nil) else {
      throw .library(function: "kiss_fftr_alloc", code: 1)
    }
    defer { free(UnsafeMutableRawPointer(inverse)) }
    let frames = sources(of: spectra.frames)
    let source = padded(frames.map { spectra.pitch[$0] })
    var noise = SpectralNoise(seed: seed)
    var sum = [Float](repeating: 0, count: source.count)
    var frame = [Float](repeating: 0, count: Self.size)
    var bins = [kiss_fft_cpx](repeating: kiss_fft_cpx(), count: HibariSpectra.bins)
    // At a lower pitch more harmonics of the same size fit below the limit; this keeps their power.
    let pulseGain = Float(pitch.squareRoot())
    for index in frames.indices {
      let start = index * PulseTrain.hop
      // A cosine of amplitude 1 then peaks at half the window's sum: the filter's magnitude is the harmonic's.
      let scale = pulseGain * 4 / Float(Self.size)
      for offset in 0..<Self.size { frame[offset] = source[start + offset] * window[offset] * scale }
      kiss_fftr(forward, frame, &bins)
      shape(&bins, spectra, frame: frames[index], noise: &noise)
      kiss_fftri(inverse, bins, &frame)
      for offset in 0..<Self.size { sum[start + offset] += frame[offset] * window[offset] }
    }
    return normalized(sum, frames: frames.count)
  }

  /// Which frame of the network each frame of sound is made from: the one in whose place its middle falls.
  private func sources(of frames: Int) -> [Int] {
    let count = max(frames * 100 / style.ratePercent, 1)
    return (0..<count).map { min((2 * $0 + 1) * style.ratePercent / 200, frames - 1) }
  }

  /// The pulses with half a frame of their mirror image at both ends, where the first and last frames look.
  private func padded(_ hertz: [Float]) -> [Float] {
    let half = Self.size / 2
    let count = hertz.count * PulseTrain.hop
    var source = [Float](repeating: 0, count: count + Self.size)
    source.withUnsafeMutableBufferPointer { buffer in
      PulseTrain.write(
        pitch: hertz, factor: Float(pitch), bend: Float(style.pitchPercent) / 100,
        into: UnsafeMutableBufferPointer(rebasing: buffer[half..<(half + count)]))
      for offset in 1...half {
        buffer[half - offset] = buffer[half + min(offset, count - 1)]
        buffer[half + count - 1 + offset] = buffer[half + max(count - 1 - offset, 0)]
      }
    }
    return source
  }

  private func shape(
    _ bins: inout [kiss_fft_cpx], _ spectra: HibariSpectra, frame: Int, noise: inout SpectralNoise
  ) {
    let frames = spectra.frames
    for bin in bins.indices {
      let phaseIndex = warp.nearest[bin] * frames + frame
      let harmonic = magnitude(spectra.harmonic, bin, frame, frames)
      let turn = Float.pi * tanhf(spectra.harmonicPhase[phaseIndex])
      let (real, imaginary) = (harmonic * cosf(turn), harmonic * sinf(turn))
      let hiss = magnitude(spectra.noise, bin, frame, frames)
      let random = noise.next()
      let rest = magnitude(spectra.residual, bin, frame, frames)
      let angle = spectra.residualPhase[phaseIndex]
      let pulse = bins[bin]
      bins[bin].r = pulse.r * real - pulse.i * imaginary + hiss * random.real + rest * cosf(angle)
      bins[bin].i = pulse.r * imaginary + pulse.i * real + hiss * random.imaginary + rest * sinf(angle)
    }
  }

  private func magnitude(_ spectrum: UnsafeBufferPointer<Float>, _ bin: Int, _ frame: Int, _ frames: Int) -> Float {
    expf(min(warp.magnitude(spectrum, bin: bin, frame: frame, frames: frames), Self.logarithmMax))
  }

  /// Divides by the summed squares of the windows and by the transform's size, and cuts off the padding.
  private func normalized(_ sum: [Float], frames: Int) -> [Float] {
    var weight = [Float](repeating: 0, count: sum.count)
    for index in 0..<frames {
      for offset in 0..<Self.size { weight[index * PulseTrain.hop + offset] += window[offset] * window[offset] }
    }
    let half = Self.size / 2
    return (half..<(half + frames * PulseTrain.hop)).map { sum[$0] / (max(weight[$0], 1e-11) * Float(Self.size)) }
  }
}
