/// A start tag.
struct SSMLTag {
  /// As it is written.
  var name: String
  /// Names and values, entities replaced.
  var attributes: [(name: String, value: String)]
  /// Whether it is `<name/>`.
  var isClosed: Bool
  /// Where it begins in the text, in Unicode scalars from 1.
  var place: Int

  /// The value of an attribute.
  subscript(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

  func fault(_ what: String) -> SSMLFault { SSMLFault("`<\(name.bounded(to: 40))>` at character \(place) \(what)") }

  /// Refuses attributes that change nothing here; those of the document's kind and language are passed over, the voice decides.
  func check(_ element: SSMLElement) throws(SSMLFault) {
    for (index, attribute) in attributes.enumerated() {
      if attributes[..<index].contains(where: { $0.name == attribute.name }) {
        throw fault("has `\(attribute.name)` twice")
      }
      let isPassedOver = attribute.name.hasPrefix("xml") || attribute.name.hasPrefix("xsi:")
      if element == .speak, isPassedOver || attribute.name == "version" { continue }
      if element == .p || element == .s, attribute.name == "xml:lang" { continue }
      guard !element.attributes.contains(attribute.name) else { continue }
      let known = element.attributes.map { "`\($0)`" }.joined(separator: " and ")
      throw fault(
        "does not understand `\(attribute.name)` here; it takes \(known.isEmpty ? "no attributes" : "\(known) alone")")
    }
  }
}

/// Cuts an SSML text into words and tags. Each character is looked at a fixed number of times.
struct SSMLScanner {
  enum Piece {
    /// With entities replaced.
    case words(String)
    case start(SSMLTag)
    case end(String)
  }

  /// Most attributes of a tag, and most Unicode scalars of a name or a value.
  private static let (attributesMax, nameMax, valueMax) = (10, 40, 200)
  private static let entities: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
  ]
  /// Longest entity between `&` and `;`: `#1114111`.
  private static let entityMax = 8

  private let scalars: [Unicode.Scalar]
  private var place = 0
  /// Whether nothing but white space may follow.
  var isOver = false

  init(_ source: String) {
    scalars = Array(source.unicodeScalars)
    if scalars.first == "\u{FEFF}" { place = 1 }
  }

  /// - Returns: `nil` at the end.
  mutating func next() throws(SSMLFault) -> Piece? {
    var words = String.UnicodeScalarView()
    while let scalar = current {
      if scalar == "<" {
        if try skipSilent() { continue }
        if !words.isEmpty { return try wordsPiece(words) }
        return try tag()
      }
      words.append(scalar == "&" ? try entity() : scalar)
      if scalar != "&" { place += 1 }
    }
    return words.isEmpty ? nil : try wordsPiece(words)
  }

  private func wordsPiece(_ words: String.UnicodeScalarView) throws(SSMLFault) -> Piece {
    guard !isOver || words.allSatisfy(\.properties.isWhitespace) else {
      throw SSMLFault("there are words behind `</speak>`: move them in front of it")
    }
    return .words(String(words))
  }

  private var current: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  private func has(_ text: String) -> Bool { scalars[place...].starts(with: text.unicodeScalars) }

  /// Comments, and the declaration of XML at the beginning.
  private mutating func skipSilent() throws(SSMLFault) -> Bool {
    if has("<!--") { return try skip("a comment", to: "-->") }
    if has("<?xml"), scalars[..<place].allSatisfy({ $0.properties.isWhitespace || $0 == "\u{FEFF}" }) {
      return try skip("the declaration of XML", to: "?>")
    }
    for mark in ["<!", "<?"] where has(mark) {
      throw SSMLFault(
        "`\(mark)` at character \(place + 1) is not understood here: document types, CDATA and instructions are taken out"
      )
    }
    return false
  }

  private mutating func skip(_ what: String, to end: String) throws(SSMLFault) -> Bool {
    let start = place
    let mark = Array(end.unicodeScalars)
    while place + mark.count <= scalars.count {
      if scalars[place..<(place + mark.count)].elementsEqual(mark) {
        place += mark.count
        return true
      }
      place += 1
    }
    throw SSMLFault("\(what) at character \(start + 1) has no end: write `\(end)` behind it")
  }

  private mutating func entity() throws(SSMLFault) -> Unicode.Scalar {
    let inside = scalars[(place + 1)...].prefix(Self.entityMax + 1)
    guard let end = inside.firstIndex(of: ";") else {
      throw SSMLFault("`&` at character \(place + 1) begins no entity: write `&amp;` for the sign itself")
    }
    let name = String(String.UnicodeScalarView(inside[..<end]))
    guard let scalar = Self.entities[name] ?? Self.numbered(name) else {
      throw SSMLFault(
        "`&\(name);` at character \(place + 1) is not known; there are &amp; &lt; &gt; &quot; &apos; and numbers such as &#233;"
      )
    }
    place = end + 1
    return scalar
  }

  /// `#233` and `#xE9`.
  private static func numbered(_ name: String) -> Unicode.Scalar? {
    guard name.first == "#" else { return nil }
    let digits = name.dropFirst()
    let isHex = digits.first == "x"
    guard let value = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits), value > 0 else { return nil }
    return Unicode.Scalar(value)
  }

  // MARK: - Tags

  private mutating func tag() throws(SSMLFault) -> Piece {
    let start = place
    place += 1
    let isEnd = current == "/"
    if isEnd { place += 1 }
    let name = name()
    guard !name.isEmpty else {
      throw SSMLFault("`<` at character \(start + 1) begins no tag: write `&lt;` for the sign itself")
    }
    if isEnd {
      skipBlanks()
      guard current == ">" else { throw unfinished(name, start) }
      place += 1
      return .end(name)
    }
    guard !isOver else { throw SSMLFault("`<\(name)>` stands behind `</speak>`: move it in front of it") }
    return .start(try attributes(SSMLTag(name: name, attributes: [], isClosed: false, place: start + 1)))
  }

  private mutating func attributes(_ begun: SSMLTag) throws(SSMLFault) -> SSMLTag {
    var tag = begun
    while true {
      let hadBlank = skipBlanks()
      if current == "/" {
        place += 1
        tag.isClosed = true
      }
      if current == ">" {
        place += 1
        return tag
      }
      let name = name()
      guard !name.isEmpty, hadBlank, !tag.isClosed else { throw unfinished(tag.name, tag.place - 1) }
      guard tag.attributes.count < Self.attributesMax else {
        throw tag.fault("has more than \(Self.attributesMax) attributes")
      }
      tag.attributes.append((name, try value(of: name, in: tag)))
    }
  }

  private mutating func value(of name: String, in tag: SSMLTag) throws(SSMLFault) -> String {
    skipBlanks()
    let hasSign = current == "="
    if hasSign { place += 1 }
    skipBlanks()
    guard hasSign, let quote = current, quote == "\"" || quote == "'" else {
      throw tag.fault("has `\(name)` without a value in quotes: write \(name)=\"…\"")
    }
    place += 1
    var value = String.UnicodeScalarView()
    var length = 0
    while let scalar = current, scalar != quote, scalar != "<" {
      value.append(scalar == "&" ? try entity() : scalar)
      if scalar != "&" { place += 1 }
      length += 1
      guard length <= Self.valueMax else {
        throw tag.fault("has a value of more than \(Self.valueMax) characters in `\(name)`")
      }
    }
    guard current == quote else { throw tag.fault("has `\(name)` without a closing quote") }
    place += 1
    return String(value)
  }

  private func unfinished(_ name: String, _ start: Int) -> SSMLFault {
    SSMLFault("the tag `\(name)` at character \(start + 1) has no `>` where one is needed")
  }

  /// An ASCII letter, and up to `nameMax` of letters, digits, `:`, `-`, `_` and `.`; empty where there is none.
  private mutating func name() -> String {
    let start = place
    while let scalar = current, place - start < Self.nameMax,
      scalar.isASCII && scalar.properties.isAlphabetic
        || place > start && (scalar.isDigit || ":-_.".unicodeScalars.contains(scalar))
    {
      place += 1
    }
    return String(String.UnicodeScalarView(scalars[start..<place]))
  }

  @discardableResult
  private mutating func skipBlanks() -> Bool {
    let start = place
    while let scalar = current, scalar.properties.isWhitespace { place += 1 }
    return place > start
  }
}
