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

/// The voiced source of hibari's vocoder: pulses at the pitch, limited to the harmonics below 11 kHz so that nothing folds
/// back. The sum of `cos(h·t)` over h = 1…H has the closed form `sin((H + 1/2)t) / (2 sin(t/2)) - 1/2`.
enum PulseTrain {
  /// Samples per frame of the pitch curve: 12.5 ms at 24 kHz.
  static let hop = 300
  /// Below this pitch in Hz a sample is unvoiced.
  private static let voicedMin: Float = 40
  /// Highest harmonic in Hz.
  private static let harmonicMax: Float = 11000

  /// - Parameters:
  ///   - pitch: Hz per frame.
  ///   - factor: on the pitch.
  ///   - bend: the part of `factor` that a speaking style asked for. What is voiced in the plain voice stays voiced when it is
  ///     bent down.
  ///   - pulses: receives `hop` samples per frame.
  static func write(
    pitch: [Float], factor: Float, bend: Float, into pulses: UnsafeMutableBufferPointer<Float>
  ) {
    let last = pitch.count - 1
    let voicedMin = Self.voicedMin * min(bend, 1)
    var turns = 0.0
    for frame in 0...last {
      let own = pitch[frame] * factor
      let before = pitch[max(frame - 1, 0)] * factor
      let after = pitch[min(frame + 1, last)] * factor
      for offset in 0..<hop {
        // Frame values stand at the frames' middles; between them the pitch is a straight line.
        let position = (Float(offset) + 0.5) / Float(hop) - 0.5
        let hertz = position < 0 ? own + (own - before) * position : own + (after - own) * position
        turns += Double(max(hertz, voicedMin)) / Double(HibariVoice.sampleRate)
        turns -= turns.rounded(.down)
        pulses[frame * hop + offset] = hertz > voicedMin ? pulse(Float(turns * 2 * .pi), hertz: hertz) : 0
      }
    }
  }

  private static func pulse(_ phase: Float, hertz: Float) -> Float {
    let harmonics = (harmonicMax / hertz).rounded(.down) + 0.5
    let divisor = 2 * sinf(phase * 0.5)
    // Where the divisor vanishes the quotient's limit is the number of harmonics and a half.
    return (abs(divisor) <= 2e-3 ? harmonics : sinf(harmonics * phase) / divisor) - 0.5
  }
}

/// Stretches the frequency axis of hibari's spectra: a formant at f moves to `factor × f`.
struct SpectralWarp {
  /// For each bin, the lower of the two bins it is read between.
  let lower: [Int]
  /// For each bin, the share of the upper one, 0 … 1.
  let share: [Float]
  /// For each bin, the nearest one, from which phases are read.
  let nearest: [Int]

  /// - Parameter factor: 0.5 … 2; 1 changes nothing.
  init(factor: Double) {
    let top = HibariSpectra.bins - 1
    let sources = (0...top).map { min(Double($0) / factor, Double(top)) }
    lower = sources.map { min(Int($0), top - 1) }
    share = sources.map { Float($0 - Double(min(Int($0), top - 1))) }
    nearest = sources.map { Int($0.rounded()) }
  }

  /// Values of one frame, bin by bin, along the stretched axis.
  func magnitude(_ spectrum: UnsafeBufferPointer<Float>, bin: Int, frame: Int, frames: Int) -> Float {
    let low = spectrum[lower[bin] * frames + frame]
    let high = spectrum[(lower[bin] + 1) * frames + frame]
    return low + (high - low) * share[bin]
  }
}

/// Complex Gaussian noise that is the same every time: SplitMix64 (Steele, Lea, Flood 2014) and the Box–Muller transform.
struct SpectralNoise {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number with mean 0 and variance 1 in each component.
  mutating func next() -> (real: Float, imaginary: Float) {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    bits ^= bits >> 31
    // 24 bits each: as many as a Float holds. The first is kept above 0 for the logarithm.
    let first = Float((bits >> 40) + 1) * 0x1p-24
    let second = Float((bits >> 8) & 0xFF_FFFF) * 0x1p-24
    let radius = (-2 * logf(first)).squareRoot()
    let angle = 2 * Float.pi * second
    return (radius * cosf(angle), radius * sinf(angle))
  }
}
