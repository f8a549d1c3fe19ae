import CallDriver
import Foundation

/// A human reader of the first lines of "A Tale of Two Cities" (Charles Dickens, 1859), which come with the engines.
enum TwoCities {
  static let path: String = {
    let environment = ProcessInfo.processInfo.environment
    let folder = environment["VOICEFORGE_ENGINES"] ?? "\(environment["HOME"] ?? "/root")/.cache/voiceforge/engines"
    return "\(folder)/speech/two_cities.wav"
  }()

  static let text = """
    It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was the
    epoch of belief, it was the epoch of incredulity, it was the season of light, it was the season of darkness, it was the
    spring of hope, it was the winter of despair, we had everything before us, we had nothing before us, we were all going
    direct to heaven, we were all going direct the other way, in short, the period was so far like the present period that
    some of its noisiest authorities insisted on its being received, for good or for evil, in the superlative degree of
    comparison only.
    """

  /// Seconds of two pieces that end in the reader's longer pauses, and their words.
  static let pieces: [(seconds: ClosedRange<Double>, text: String)] = [
    (0.5...4.65, "It was the best of times, it was the worst of times."),
    (4.75...8.32, "It was the age of wisdom, it was the age of foolishness."),
  ]

  /// One of them as a file.
  static func piece(_ seconds: ClosedRange<Double>) throws -> [UInt8] {
    let whole = try Scratch.sound(of: path)
    let rate = Double(whole.sampleRate)
    let samples = whole.samples[Int(seconds.lowerBound * rate)..<Int(seconds.upperBound * rate)]
    return WAVFile.bytes(PCMBuffer(sampleRate: whole.sampleRate, samples: Array(samples)))
  }
}
