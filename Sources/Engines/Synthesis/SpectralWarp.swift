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
