/// Texts that hold all characters of Unicode, few enough to be read within seconds.
enum EveryCharacter {
  /// All scalars; surrogates are none, and no text can hold them.
  static let scalars = [0...0xD7FF, 0xE000...0x10FFFF].joined().compactMap { Unicode.Scalar(UInt32($0)) }

  /// Every scalar written by `shape`, many to a text: as many as fit into the 1,000 characters that are read of one turn.
  static func texts(_ shape: (Character) -> String) -> [String] {
    var texts = [""]
    var room = 1000
    for scalar in scalars {
      let piece = shape(Character(scalar))
      // Never more than the scalars, whatever joins with its neighbour.
      let length = piece.unicodeScalars.count
      if length > room {
        texts.append("")
        room = 1000
      }
      texts[texts.count - 1] += piece
      room -= length
    }
    return texts
  }

  /// One scalar of each kind that a reader could tell from the others.
  static let kinds: [Character] = {
    var known: Set<[Int]> = []
    return scalars.filter { scalar in
      known.insert(traits(of: scalar)).inserted
    }.map { Character($0) }
  }()

  /// A letter, a digit, a blank and each mark of ASCII.
  static let neighbours: [Character] =
    ["z", "1", " "]
    + (33...126).map { Character(Unicode.Scalar($0)) }
    .filter { !$0.isLetter && !$0.isNumber }

  /// Each kind alone, and before, behind and between a neighbour of each class, few words each.
  static let short: [String] = kinds.flatMap { kind in
    ["\(kind)"] + neighbours.flatMap { ["\(kind)\($0)", "\($0)\(kind)", "1\($0)\(kind)\($0)z"] }
  }

  /// The same, all neighbours of one kind to a text.
  static let pairs: [String] = kinds.flatMap { kind in
    var texts: [String] = []
    var text = ""
    for beside in neighbours {
      text += "\(beside)\(kind)\(beside) \(kind)\(beside)\(kind) "
      if text.unicodeScalars.count > 900 {
        texts.append(text)
        text = ""
      }
    }
    return texts + [text]
  }

  private static func traits(of scalar: Unicode.Scalar) -> [Int] {
    let character = Character(scalar)
    let flags = [
      character.isLetter, character.isWhitespace, character.isNewline, character.isUppercase, character.isLowercase,
      character.isPunctuation, character.isSymbol, character.isASCII, scalar.properties.isDiacritic,
      scalar.properties.isEmoji, scalar.properties.isGraphemeExtend, scalar.properties.isGraphemeBase,
    ].map { $0 ? 1 : 0 }
    let ascii = scalar.isASCII ? Int(scalar.value) : -1
    let value = character.isNumber ? min(character.wholeNumberValue ?? -1, 10) : -2
    return flags + [
      ascii, value, character.lowercased().count, character.uppercased().count,
      scalar.properties.lowercaseMapping.count,
      "\(scalar.properties.generalCategory)".hashValue,
    ]
  }
}
