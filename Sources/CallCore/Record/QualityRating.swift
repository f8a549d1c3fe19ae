/// What a caller thinks of a call, in one respect.
public struct QualityRating: Sendable, Equatable {
  /// In which respect. The raw values stand on the wire and in the call's notes.
  public enum Category: String, Sendable, CaseIterable {
    /// How well the caller was understood.
    case recognition = "stt_accuracy"
    /// How the agent sounds.
    case voice = "tts_quality"
    /// How fast it answers.
    case latency
    /// All in all.
    case overall
  }

  /// In which respect.
  public var category: Category
  /// 1, the worst, to 5.
  public var score: Int
  /// The first `commentCharactersMax` of the caller's own words; `nil`: none.
  public var comment: String?

  /// What is kept of a comment, in Unicode scalars: the four of a call fit into its notes.
  package static let commentCharactersMax = 200

  /// - Parameter comment: of any length.
  package init(_ category: Category, score: Int, comment: String?) {
    (self.category, self.score) = (category, score)
    self.comment = comment?.bounded(to: Self.commentCharactersMax)
  }

  /// As it stands among the notes of a call's record.
  public var note: (name: String, text: String) {
    ("quality.\(category.rawValue)", comment.map { "\(score): \($0)" } ?? "\(score)")
  }
}
