import CKissFFT
package import CallCore
import Glibc

/// The spectra by which VoiceFilter-Lite tells voices apart: 40 mel bands, 100 frames a second, as logarithms. As librosa makes them: 400 samples under
/// a Hamming window in the middle of a transform of 512, power, bands of Slaney's, nothing padded.
package enum VoiceSpectrum {
  package static let mels = 40
  private static let (size, hop, windowSize) = (512, 160, 400)
  private static let bins = size / 2 + 1
  private static let powerMin = 1e-10

  private static let bank = MelBank(bands: mels, bins: bins, rate: 16_000)
  private static let window = (0..<size).map { index in
    let place = index - (size - windowSize) / 2
    guard (0..<windowSize).contains(place) else { return Float(0) }
    return Float(0.54 - 0.46 * cos(2 * Double.pi * Double(place) / Double(windowSize)))
  }

  /// - Parameters:
  ///   - speech: 16 kHz mono.
  ///   - framesMin: zeros stand behind fewer.
  /// - Returns: frame by frame, 40 numbers each.
  package static func frames(of speech: [Int16], framesMin: Int) throws(EngineError) -> [Float] {
    guard let transform = kiss_fftr_alloc(Int32(size), 0, nil, nil) else {
      throw .library(function: "kiss_fftr_alloc", code: 0)
    }
    defer { free(UnsafeMutableRawPointer(transform)) }
    let count = speech.count < size ? 0 : 1 + (speech.count - size) / hop
    var frames = [Float](repeating: 0, count: max(count, framesMin) * mels)
    var samples = [Float](repeating: 0, count: size)
    var spectrum = [kiss_fft_cpx](repeating: kiss_fft_cpx(), count: bins)
    // The bank takes two spectra at a time: the second stays empty.
    var powers = [Double](repeating: 0, count: 2 * bins)
    var bands = [Double](repeating: 0, count: 2 * mels)
    for frame in 0..<count {
      for index in 0..<size { samples[index] = Float(speech[frame * hop + index]) / 32_768 * window[index] }
      kiss_fftr(transform, samples, &spectrum)
      for (bin, value) in spectrum.enumerated() {
        powers[bin] = Double(value.r) * Double(value.r) + Double(value.i) * Double(value.i)
      }
      bank.apply(powers, into: &bands)
      for mel in 0..<mels { frames[frame * mels + mel] = Float(log10(bands[mel] + powerMin)) }
    }
    return frames
  }
}
