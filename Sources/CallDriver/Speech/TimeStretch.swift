public import CallCore

/// Makes speech faster or slower at the same pitch, by overlapping pieces of it where they fit best (WSOLA: Verhelst and Roelands,
/// ICASSP 1993). For rates that no engine speaks at.
public enum TimeStretch {
  /// Rates that are made, in per cent.
  public static let rates = 25...400
  /// Length of an overlapped piece: two periods of the lowest voices.
  private static let pieceMilliseconds = 30
  /// How far the best place is looked for to both sides: a period of the lowest voices.
  private static let searchMilliseconds = 10
  /// Every how many samples likeness is measured.
  private static let likenessStep = 4

  /// - Parameters:
  ///   - speech: mono.
  ///   - ratePercent: 200 is twice as fast; brought into `rates`.
  /// - Returns: `speech` itself at 100.
  public static func stretch(_ speech: PCMBuffer, ratePercent: Int) -> PCMBuffer {
    let rate = min(max(ratePercent, rates.lowerBound), rates.upperBound)
    let piece = speech.sampleRate * pieceMilliseconds / 1000
    guard rate != 100, speech.samples.count > 2 * piece else { return speech }
    let search = speech.sampleRate * searchMilliseconds / 1000
    let hop = piece / 2
    let input = speech.samples
    let count = input.count * 100 / rate
    var output = [Int](repeating: 0, count: count + piece)
    var source = 0
    for start in stride(from: 0, to: count, by: hop) {
      let wanted = min(start * rate / 100, input.count - piece - 1)
      if start > 0 { source = best(input, near: wanted, after: source + hop, piece: piece, search: search) }
      for offset in 0..<min(piece, output.count - start) {
        // Rising and falling ramps of two pieces add up to one; the first rises from full.
        let ramp = offset < hop ? (start == 0 ? hop : offset) : piece - offset
        output[start + offset] += Int(input[source + offset]) * ramp / hop
      }
    }
    return PCMBuffer(sampleRate: speech.sampleRate, samples: output.prefix(count).map { Int16(clamping: $0) })
  }

  /// Where the input goes on most like it would have behind the last piece.
  private static func best(_ input: [Int16], near wanted: Int, after last: Int, piece: Int, search: Int) -> Int {
    let first = max(wanted - search, 0)
    let end = min(wanted + search, input.count - piece - 1)
    guard first < end, last + piece < input.count else { return max(min(wanted, input.count - piece - 1), 0) }
    var (found, likeness) = (first, -Double.infinity)
    input.withUnsafeBufferPointer { input in
      for place in stride(from: first, through: end, by: 2) {
        var (product, power) = (0, 1)
        for offset in stride(from: 0, to: piece, by: likenessStep) {
          product += Int(input[place + offset]) * Int(input[last + offset])
          power += Int(input[place + offset]) * Int(input[place + offset])
        }
        let here = Double(product) / Double(power).squareRoot()
        if here > likeness { (found, likeness) = (place, here) }
      }
    }
    return found
  }
}

/// Speaks at any rate from a quarter to four times a voice's own: the engine as far as it can, and `TimeStretch` the rest.
public struct PacedSpeech: Sendable {
  /// Rates that can be asked for, in per cent.
  public static let rates = TimeStretch.rates

  /// What the engine is asked for.
  public let style: SpeakingStyle
  /// What is left to do, in per cent.
  let stretchPercent: Int

  /// - Parameter ratePercent: brought into `rates`.
  public init(ratePercent: Int) {
    let rate = min(max(ratePercent, Self.rates.lowerBound), Self.rates.upperBound)
    let own = min(max(rate, SpeakingStyle.range.lowerBound), SpeakingStyle.range.upperBound)
    style = SpeakingStyle(ratePercent: own)
    stretchPercent = rate * 100 / own
  }

  /// One sentence.
  public func speak(
    _ text: String, voice: Voice.ID, by synthesizer: any SpeechSynthesizer
  ) throws(EngineError) -> PCMBuffer {
    TimeStretch.stretch(
      try synthesizer.synthesize(text, voice: voice, style: style), ratePercent: stretchPercent)
  }
}
