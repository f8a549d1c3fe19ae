/// Fills lost frames of a codec that has no concealment of its own: repeats the last pitch period and fades it out, after
/// the idea of ITU-T G.711 Appendix I. Holds the last 40 ms; allocates nothing after `init`.
final class LossConcealment {
  /// The pitch lags tried, in samples at 16 kHz: 50 to 400 Hz.
  private static let lags = 40...320
  /// A gap fades to silence over 60 ms: a longer repetition is heard as a buzz.
  private static let fadeSamples = 960

  private let history: UnsafeMutableBufferPointer<Int16>
  private var lag = 0
  private var lost = 0

  init() {
    history = .allocate(capacity: 2 * MediaFrame.samples)
    history.initialize(repeating: 0)
  }

  deinit { history.deallocate() }

  /// Takes note of a frame that arrived.
  func remember(_ frame: UnsafeBufferPointer<Int16>) {
    lost = 0
    push(frame)
  }

  /// Writes 320 samples in place of a lost frame.
  func fill(_ frame: UnsafeMutableBufferPointer<Int16>) {
    if lost == 0 { lag = pitchLag() }
    let end = history.count
    for index in 0..<MediaFrame.samples {
      frame[index] = index < lag ? history[end - lag + index] : frame[index - lag]
    }
    push(UnsafeBufferPointer(start: frame.baseAddress, count: MediaFrame.samples))
    for index in 0..<MediaFrame.samples {
      let gain = max(Self.fadeSamples - lost - index, 0)
      frame[index] = Int16(Int(frame[index]) * gain / Self.fadeSamples)
    }
    lost += MediaFrame.samples
  }

  private func push(_ frame: UnsafeBufferPointer<Int16>) {
    let count = min(frame.count, history.count)
    let kept = history.count - count
    for index in 0..<kept { history[index] = history[index + count] }
    for index in 0..<count { history[kept + index] = frame[index] }
  }

  /// The lag at which the last 20 ms resemble what came before them most.
  private func pitchLag() -> Int {
    var best = Self.lags.upperBound
    var bestScore = 0.0
    let window = MediaFrame.samples
    for lag in Self.lags {
      var product = 0
      var energy = 1
      for index in window..<history.count {
        let earlier = Int(history[index - lag])
        product += Int(history[index]) * earlier
        energy += earlier * earlier
      }
      let score = product > 0 ? Double(product) * Double(product) / Double(energy) : 0
      if score > bestScore { (best, bestScore) = (lag, score) }
    }
    return best
  }
}
