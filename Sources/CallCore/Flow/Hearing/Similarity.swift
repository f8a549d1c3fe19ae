/// How alike two sentences are in meaning: the cosine of what a model makes of each, in thousandths, so that replays are exact.
public struct Similarity: Sendable, Hashable, Comparable {
  /// −1000 … 1000. Sentences about different things have some 0 to 300, the same sentence has 1000.
  public let thousandths: Int

  /// - Parameter thousandths: what is beyond −1000 … 1000 becomes the nearest of these.
  public init(thousandths: Int) { self.thousandths = min(max(thousandths, -1000), 1000) }

  /// Less alike.
  public static func < (left: Similarity, right: Similarity) -> Bool { left.thousandths < right.thousandths }
}

extension Similarity: CustomStringConvertible {
  /// With two decimals, cut, such as `0.71`.
  public var description: String {
    let hundredths = abs(thousandths) / 10
    let sign = thousandths < 0 && hundredths > 0 ? "-" : ""
    return "\(sign)\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)"
  }
}

/// Asks how alike a text is in meaning to each of some phrases.
public struct MeaningQuestion: Sendable, Equatable {
  /// What the caller said.
  public var text: String
  /// Examples of a flow, in its order; not empty.
  public var phrases: [String]

  package init(_ text: String, phrases: [String]) { (self.text, self.phrases) = (text, phrases) }
}

/// When a text counts as one of several intents by its meaning: the nearest example decides, where it is near enough and no other intent is
/// nearly as near.
///
/// Both limits were measured with `EngineContractTests/LabelledLines`: 11 intents with eight examples each, 152 lines of callers that share few
/// words with them. Chosen on every second line, so that none of these is taken for a wrong intent.
public enum MeaningRule {
  /// Least similarity to the nearest example.
  public static let threshold = Similarity(thousandths: 450)
  /// Least distance to the nearest example of any other intent, in thousandths.
  public static let margin = 50
  /// Least similarity with which a sentence counts as saying the same as another: `similar-in-meaning` of a test case. Sentences about other
  /// things of the same business reach 0.38 (`EngineContractTests/LabelledPairs`).
  public static let sameMeaning = Similarity(thousandths: 450)

  /// Which of the intents is meant, and how near it is.
  /// - Parameter nearest: of each intent, the similarity to its nearest example; `nil` for one without examples.
  /// - Returns: `nil` when none is near enough, or two are.
  package static func choice(_ nearest: [Similarity?]) -> (index: Int, similarity: Similarity)? {
    let ranked = nearest.enumerated().compactMap { index, similarity in
      similarity.map { (index: index, similarity: $0) }
    }
    .sorted { $0.similarity > $1.similarity }
    guard let best = ranked.first, best.similarity >= threshold else { return nil }
    if ranked.count > 1, best.similarity.thousandths - ranked[1].similarity.thousandths < margin { return nil }
    return best
  }
}
