/// Words that callers say around a request, and that ask for nothing themselves: "can you *repeat* that, please".
enum RequestWords {
  /// Whether the words are the pattern and nothing else but such words: "could I speak to an agent", not "Grace Agent".
  ///
  /// - Parameter length: words that the pattern takes.
  static func isAll(_ heard: UtteranceIndex, _ pattern: UtterancePattern, length: Int) -> Bool {
    let most =
      switch pattern {
      case .phrase(let phrase): asking(phrase.words)
      case .expression: length
      }
    return length > 0 && asking(heard.words) <= most
  }

  private static func asking(_ words: [String]) -> Int { words.count { !around.contains($0) } }

  private static let around: Set<String> = {
    let words = """
      a an the i id im ill you your me my we us it its that thats this to for of with on in at is are be do does did dont
      can could cant couldnt would will may might shall should have has had want wanted need like wish try let lets get got give go
      please thanks thank hello hi hey sorry excuse pardon oh well so and but or just only now again then okay ok yes yeah no
      not understand hear heard didnt what was said say speak talk put through transfer connect know how much really there here some
      somebody someone one 1 more time minute moment second wait first actually rather know you
      """
    return Set(words.split { $0.isWhitespace }.map(String.init))
  }()
}
