/// What short forms of English stand for.
enum EnglishContractions {
  /// Titles and slurred words; hesitations stand for nothing.
  static let whole: [String: [String]] = [
    "hmm": [], "mm": [], "mhm": [], "mmm": [], "uh": [], "um": [],
    "wanna": ["want", "to"], "gotta": ["got", "to"], "gonna": ["going", "to"], "imma": ["i", "am", "going", "to"],
    "woulda": ["would", "have"], "coulda": ["could", "have"], "shoulda": ["should", "have"],
    "kinda": ["kind", "of"], "sorta": ["sort", "of"], "dunno": ["do", "not", "know"], "cause": ["because"],
    "mr": ["mister"], "mrs": ["missus"], "st": ["saint"], "dr": ["doctor"], "prof": ["professor"], "capt": ["captain"],
    "gov": ["governor"], "ald": ["alderman"], "gen": ["general"], "sen": ["senator"], "rep": ["representative"],
    "pres": ["president"], "rev": ["reverend"], "hon": ["honorable"], "asst": ["assistant"], "assoc": ["associate"],
    "lt": ["lieutenant"], "col": ["colonel"], "jr": ["junior"], "sr": ["senior"], "esq": ["esquire"],
  ]

  /// What follows an apostrophe, written out.
  private static let endings: [String: String] = [
    "re": "are", "s": "is", "d": "would", "ll": "will", "t": "not", "ve": "have", "m": "am",
  ]

  private static let irregular: [String: (stem: String, rest: [String])] = [
    "won't": ("will", ["not"]), "can't": ("can", ["not"]), "ain't": ("aint", []), "let's": ("let", ["us"]),
    "y'all": ("you", ["all"]), "i'ma": ("i", ["am", "going", "to"]), "ma'am": ("madam", []),
  ]

  /// Another reading of `is` and `would` that come of `'s` and `'d`, by the word behind.
  static let beforeParticiple = [
    "is": ["been": "has", "gone": "has", "got": "has"], "would": ["been": "had", "gone": "had", "done": "had"],
  ]

  /// Words that recognisers write as two: the second, the first, and the whole.
  static let compounds = ["morrow": ["to": "tomorrow"], "bye": ["good": "goodbye"]]

  /// Contractions as some recognisers and writers leave them; only those that are hardly another word in speech.
  static let withoutApostrophe: [String: [String]] = [
    "dont": ["do", "not"], "doesnt": ["does", "not"], "didnt": ["did", "not"], "cant": ["can", "not"],
    "wont": ["will", "not"], "isnt": ["is", "not"], "arent": ["are", "not"], "wasnt": ["was", "not"],
    "werent": ["were", "not"], "havent": ["have", "not"], "hasnt": ["has", "not"], "hadnt": ["had", "not"],
    "couldnt": ["could", "not"], "wouldnt": ["would", "not"], "shouldnt": ["should", "not"], "im": ["i", "am"],
    "ive": ["i", "have"], "youre": ["you", "are"], "youve": ["you", "have"], "theyre": ["they", "are"],
    "thats": ["that", "is"], "whats": ["what", "is"],
  ]

  /// What `stem` and `letters` with an apostrophe between them stand for; `nil` when that is no contraction.
  /// - Returns: what replaces the stem, if anything does, and what follows it.
  static func written(_ stem: String, _ letters: String) -> (stem: String?, rest: [String])? {
    guard !letters.isEmpty else { return nil }
    if let known = irregular["\(stem)'\(letters)"] { return (known.stem, known.rest) }
    guard let ending = endings[letters] else { return nil }
    guard letters == "t", stem.hasSuffix("n") else { return (nil, [ending]) }
    return (String(stem.dropLast()), [ending])
  }
}
