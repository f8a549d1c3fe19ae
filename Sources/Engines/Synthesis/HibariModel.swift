import CallCore

/// hibari's network: phoneme numbers in, five spectra and a pitch curve out.
struct HibariModel: Sendable {
  /// Symbols of one run, without the zeros at both ends; the network was trained on no more (hibari's own limit).
  static let symbolsMax = 400

  private let model: OnnxModel

  /// - Parameter path: `hibari.onnx`.
  init(path: String, library: OnnxLibrary) throws(EngineError) { model = try OnnxModel(path: path, library: library) }

  /// Runs the network and lends its outputs to `body`.
  ///
  /// - Parameters:
  ///   - ids: 0, then at most `symbolsMax` symbols, then 0.
  ///   - pace: 0.5 slow … 2 fast.
  func spectra(
    of ids: [Int64], pace: Float, _ body: (HibariSpectra) throws(EngineError) -> Void
  ) throws(EngineError) {
    let run = OnnxRun(model, inputs: ["ids", "speed"], outputs: ["lh", "theta", "ln", "lr", "phi", "f0"])
    let input = try run.allocate(0, shape: [1, Int64(ids.count)], of: Int64.self)
    for (index, id) in ids.enumerated() { input[index] = id }
    try run.allocate(1, shape: [1], of: Float.self)[0] = pace
    try run.run()
    let spectra = try HibariSpectra(
      harmonic: run.values(2), harmonicPhase: run.values(3), noise: run.values(4), residual: run.values(5),
      residualPhase: run.values(6), pitch: run.values(7))
    guard spectra.isConsistent else { throw .library(function: "hibari.onnx: output sizes", code: spectra.frames) }
    try body(spectra)
    withExtendedLifetime(run) {}
  }
}

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
