/// What hibari's network says about a sentence, per frame of 12.5 ms. Spectra are [601 bins, frames], 20 Hz per bin.
/// Valid only while the run that made them is.
struct HibariSpectra {
  /// Bins of a spectrum: half of 1200 and the one at 12 kHz.
  static let bins = 601

  /// Logarithm of the filter that shapes the voiced pulses.
  let harmonic: UnsafeBufferPointer<Float>
  /// Its phase, before `π·tanh`.
  let harmonicPhase: UnsafeBufferPointer<Float>
  /// Logarithm of the magnitude of the noise.
  let noise: UnsafeBufferPointer<Float>
  /// Logarithm of the magnitude of what is neither.
  let residual: UnsafeBufferPointer<Float>
  /// Its phase in radians.
  let residualPhase: UnsafeBufferPointer<Float>
  /// Fundamental frequency in Hz; 0 where unvoiced.
  let pitch: UnsafeBufferPointer<Float>

  /// Number of frames.
  var frames: Int { pitch.count }

  /// Whether every spectrum has the size that the pitch curve promises.
  var isConsistent: Bool {
    frames > 0
      && [harmonic, harmonicPhase, noise, residual, residualPhase].allSatisfy { $0.count == Self.bins * frames }
  }
}
