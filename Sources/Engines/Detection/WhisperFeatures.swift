import Glibc

/// The spectra that Whisper and Smart Turn listen to: 80 mel bands of the last 8 s at 100 frames a second, as logarithms (Radford et al. 2022,
/// "Robust Speech Recognition via Large-Scale Weak Supervision", section 2.2). Safe to share by threads.
///
/// Computed in doubles, as the reference is: bands 80 dB below the loudest count, and there a transform in floats is wrong by more than the 1e-5
/// within which `TurnDetectorContractTests` compares.
package struct WhisperFeatures: Sendable {
  package static let mels = 80
  package static let frames = 800
  /// Samples of the 8 s.
  static let samples = 128_000
  private static let hop = 160
  private static let bins = WhisperTransform.size / 2 + 1
  /// Below any logarithm that is kept.
  private static let powerMin = 1e-10
  private static let varianceMin: Float = 1e-7

  private let transform = WhisperTransform()
  private let window: [Double]
  private let bank = MelBank(bands: Self.mels, bins: Self.bins, rate: 16_000)

  package init() {
    let size = WhisperTransform.size
    window = (0..<size).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size)) }
  }

  /// - Parameters:
  ///   - turn: 16 kHz mono, oldest first; the last 8 s count, and zeros stand in front of less.
  ///   - features: room for 80 bands of 800 frames, band by band; about -1 … 1.5 afterwards.
  package func compute(_ turn: [Int16], into features: UnsafeMutableBufferPointer<Float>) {
    precondition(features.count == Self.mels * Self.frames, "80 bands of 800 frames")
    let sound = turn.suffix(Self.samples)
    let padded = padded(normalized(sound))
    // Frames that lie wholly in the zeros in front are alike: only the first is worked out.
    let silent = max((Self.samples - sound.count - WhisperTransform.size / 2) / Self.hop + 1, 0)
    let alike = silent > 1 ? silent : 0
    var loudest = -Double.infinity
    var bands = [Double](repeating: 0, count: Self.mels * 2)
    var spectra = WhisperTransform.Workspace()
    var frame = 0
    while frame < Self.frames {
      let next = frame < alike ? frame : min(frame + 1, Self.frames - 1)
      transform.powers(of: padded, at: (frame * Self.hop, next * Self.hop), window, &spectra)
      bank.apply(spectra.powers, into: &bands)
      for (index, band) in bands.enumerated() {
        let logarithm = log10(max(band, Self.powerMin))
        loudest = max(loudest, logarithm)
        bands[index] = logarithm
      }
      let last = frame < alike ? alike - 1 : next
      for mel in 0..<Self.mels {
        features[mel * Self.frames + frame] = Float(bands[mel])
        if frame < alike {
          for other in frame...last { features[mel * Self.frames + other] = Float(bands[mel]) }
        } else {
          features[mel * Self.frames + next] = Float(bands[Self.mels + mel])
        }
      }
      frame = last + 1
    }
    for index in features.indices { features[index] = Float((max(Double(features[index]), loudest - 8) + 4) / 4) }
  }

  /// The 8 s at mean 0 and variance 1, in floats as in the reference.
  private func normalized(_ sound: ArraySlice<Int16>) -> [Float] {
    let zeros = Self.samples - sound.count
    var sum = 0.0
    for sample in sound { sum += Double(sample) / 32_768 }
    let mean = Float(sum / Double(Self.samples))
    var squares = Double(mean) * Double(mean) * Double(zeros)
    for sample in sound {
      let distance = Double(Float(sample) / 32_768 - mean)
      squares += distance * distance
    }
    let deviation = (Float(squares / Double(Self.samples)) + Self.varianceMin).squareRoot()
    var values = [Float](repeating: -mean / deviation, count: zeros)
    values.reserveCapacity(Self.samples)
    for sample in sound { values.append((Float(sample) / 32_768 - mean) / deviation) }
    return values
  }

  /// With half a frame of its mirror image at both ends.
  private func padded(_ values: [Float]) -> [Double] {
    let half = WhisperTransform.size / 2
    var padded = [Double](repeating: 0, count: values.count + 2 * half)
    for index in values.indices { padded[half + index] = Double(values[index]) }
    for offset in 1...half {
      padded[half - offset] = Double(values[offset])
      padded[half + values.count - 1 + offset] = Double(values[values.count - 1 - offset])
    }
    return padded
  }
}

/// Triangles on the mel scale of Slaney's Auditory Toolbox (1998), each of the same area.
struct MelBank: Sendable {
  private struct Band {
    var first: Int
    var weights: [Double]
  }

  private let bands: [Band]
  private let bins: Int

  init(bands count: Int, bins: Int, rate: Double) {
    let top = Self.mel(rate / 2)
    let edges = (0..<count + 2).map { Self.hertz(top * Double($0) / Double(count + 1)) }
    let step = rate / 2 / Double(bins - 1)
    self.bins = bins
    bands = (0..<count).map { band in
      let (low, middle, high) = (edges[band], edges[band + 1], edges[band + 2])
      let weights = (0..<bins).map { bin in
        let hertz = Double(bin) * step
        return max(0, min((hertz - low) / (middle - low), (high - hertz) / (high - middle))) * 2 / (high - low)
      }
      let first = weights.firstIndex { $0 > 0 } ?? 0
      let last = weights.lastIndex { $0 > 0 } ?? first
      return Band(first: first, weights: Array(weights[first...last]))
    }
  }

  /// - Parameters:
  ///   - powers: two spectra, one behind the other.
  ///   - sums: the bands of the one, then those of the other.
  func apply(_ powers: [Double], into sums: inout [Double]) {
    for (index, band) in bands.enumerated() {
      var (one, other) = (0.0, 0.0)
      for (offset, weight) in band.weights.enumerated() {
        one += weight * powers[band.first + offset]
        other += weight * powers[bins + band.first + offset]
      }
      (sums[index], sums[bands.count + index]) = (one, other)
    }
  }

  /// Linear below 1 kHz, which is 15 mel, and logarithmic above.
  private static func mel(_ hertz: Double) -> Double {
    hertz < 1000 ? 3 * hertz / 200 : 15 + log(hertz / 1000) * 27 / log(6.4)
  }

  private static func hertz(_ mel: Double) -> Double {
    mel < 15 ? 200 * mel / 3 : 1000 * exp((mel - 15) * log(6.4) / 27)
  }
}
