import CallCore
import Engines

/// What an agent is to say, up to the synthesiser: places filled in, cut into sentences, cleaned.
final class SpeechTextTarget: FuzzTarget {
  static let name = "speech-texts"

  private static let values = [
    "name": "Ada", "number": "4711", "day": "2026-05-03", "time": "15:30", "odd": "一\u{7}'s",
  ]

  func run(_ bytes: [UInt8]) {
    let text = FlowText(String(decoding: bytes, as: UTF8.self))
    _ = (text.places.count, text.hasStrayBrace)
    let whole = TextNormalizer.spoken(text.source)
    require(whole.unicodeScalars.count <= 40 * text.source.unicodeScalars.count, "words grow with the text")
    for sentence in SentenceSplitter.sentences(of: text.rendered(with: Self.values)) {
      require(sentence.contains { $0.isLetter || $0.isNumber }, "a sentence has words")
      guard let spoken = try? Engines.SpokenText(sentence) else { continue }
      require(!spoken.text.unicodeScalars.contains { $0.value < 32 }, "no control character reaches an engine")
    }
    _ = SpokenForm.of(text.source, today: nil)
  }
}
