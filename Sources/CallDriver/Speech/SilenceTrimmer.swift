/// Cuts the silence around speech: it is pure turn latency (hibari begins after 0.26 to 0.33 s of it).
public enum SilenceTrimmer {
  /// Kept before the first sound: 1/200 s = 5 ms, so that the first packet is audible and no turn waits for silence.
  private static let keptBeforePerSecond = 200
  /// Kept after the last sound: 1/50 s = 20 ms.
  private static let keptAfterPerSecond = 50
  /// Sound is looked for in windows of 1/200 s = 5 ms, so that one stray sample is not taken for speech.
  private static let windowsPerSecond = 200
  /// A window is sound when its mean magnitude is above 1/400 (-52 dB) of the loudest sample: below that lies the vocoder's
  /// noise floor, above it the onset of the softest consonants.
  public static let soundShare = 400

  /// - Parameter soundShare: how many times softer than the loudest sample sound may be; for voices with a higher noise floor than a vocoder's.
  /// - Returns: an empty buffer when there is no sound at all.
  public static func trim(_ speech: PCMBuffer, soundShare: Int = soundShare) -> PCMBuffer {
    PCMBuffer(
      sampleRate: speech.sampleRate, samples: Array(speech.samples[speechRange(of: speech, soundShare: soundShare)]))
  }

  /// The samples that `trim` keeps.
  /// - Returns: an empty range when there is no sound at all.
  public static func speechRange(of speech: PCMBuffer, soundShare: Int = soundShare) -> Range<Int> {
    let samples = speech.samples
    let peak = samples.reduce(0) { max($0, Int($1.magnitude)) }
    let length = max(speech.sampleRate / windowsPerSecond, 1)
    let starts = stride(from: 0, to: samples.count, by: length)
    let isSound = { (start: Int) in
      let window = samples[start..<min(start + length, samples.count)]
      return window.reduce(0) { $0 + Int($1.magnitude) } * soundShare > peak * window.count
    }
    guard let first = starts.first(where: isSound), let last = starts.reversed().first(where: isSound) else {
      return 0..<0
    }
    let start = max(first - speech.sampleRate / keptBeforePerSecond, 0)
    let end = min(last + length + speech.sampleRate / keptAfterPerSecond, samples.count)
    return start..<end
  }
}
