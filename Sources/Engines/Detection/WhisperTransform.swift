import Glibc

/// The power spectra of two frames of 400 real samples by one complex transform in doubles: 400 points as 16 transforms of 25 and 25 of 16 (Cooley
/// and Tukey 1965). Nothing is allocated per frame. Safe to share by threads.
struct WhisperTransform: Sendable {
  static let size = 400
  private static let (rows, columns) = (16, 25)

  /// What one frame pair needs; of one thread.
  struct Workspace {
    fileprivate var real = [Double](repeating: 0, count: WhisperTransform.size)
    fileprivate var imaginary = [Double](repeating: 0, count: WhisperTransform.size)
    fileprivate var middleReal = [Double](repeating: 0, count: WhisperTransform.size)
    fileprivate var middleImaginary = [Double](repeating: 0, count: WhisperTransform.size)
    /// 201 of the first frame, then 201 of the second.
    var powers = [Double](repeating: 0, count: (WhisperTransform.size / 2 + 1) * 2)
  }

  private let cosines: [Double]
  private let sines: [Double]

  init() {
    cosines = (0..<Self.size).map { cos(2 * Double.pi * Double($0) / Double(Self.size)) }
    sines = (0..<Self.size).map { -sin(2 * Double.pi * Double($0) / Double(Self.size)) }
  }

  /// - Parameter starts: where the frames begin in `samples`; each has 400 of them from there.
  func powers(of samples: [Double], at starts: (Int, Int), _ window: [Double], _ work: inout Workspace) {
    for index in 0..<Self.size {
      work.real[index] = samples[starts.0 + index] * window[index]
      work.imaginary[index] = samples[starts.1 + index] * window[index]
    }
    transformColumns(&work)
    transformRows(&work)
    let bins = Self.size / 2 + 1
    for bin in 0..<bins {
      let mirror = (Self.size - bin) % Self.size
      let (real, imaginary) = (work.real[bin], work.imaginary[bin])
      let (mirrorReal, mirrorImaginary) = (work.real[mirror], work.imaginary[mirror])
      let (evenReal, evenImaginary) = ((real + mirrorReal) / 2, (imaginary - mirrorImaginary) / 2)
      let (oddReal, oddImaginary) = ((imaginary + mirrorImaginary) / 2, (mirrorReal - real) / 2)
      work.powers[bin] = evenReal * evenReal + evenImaginary * evenImaginary
      work.powers[bins + bin] = oddReal * oddReal + oddImaginary * oddImaginary
    }
  }

  /// 25 points each, 16 apart, turned by their place.
  private func transformColumns(_ work: inout Workspace) {
    for row in 0..<Self.rows {
      for out in 0..<Self.columns {
        var (real, imaginary) = (0.0, 0.0)
        for column in 0..<Self.columns {
          let (x, y) = (work.real[row + Self.rows * column], work.imaginary[row + Self.rows * column])
          let turn = Self.rows * (out * column % Self.columns)
          real += x * cosines[turn] - y * sines[turn]
          imaginary += x * sines[turn] + y * cosines[turn]
        }
        let turn = row * out
        work.middleReal[row * Self.columns + out] = real * cosines[turn] - imaginary * sines[turn]
        work.middleImaginary[row * Self.columns + out] = real * sines[turn] + imaginary * cosines[turn]
      }
    }
  }

  /// 16 points each.
  private func transformRows(_ work: inout Workspace) {
    for column in 0..<Self.columns {
      for out in 0..<Self.rows {
        var (real, imaginary) = (0.0, 0.0)
        for row in 0..<Self.rows {
          let (x, y) = (work.middleReal[row * Self.columns + column], work.middleImaginary[row * Self.columns + column])
          let turn = Self.columns * (out * row % Self.rows)
          real += x * cosines[turn] - y * sines[turn]
          imaginary += x * sines[turn] + y * cosines[turn]
        }
        work.real[column + Self.columns * out] = real
        work.imaginary[column + Self.columns * out] = imaginary
      }
    }
  }
}
