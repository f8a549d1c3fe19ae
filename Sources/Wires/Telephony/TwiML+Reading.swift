public import JSON

extension TwiML {
  /// Longest document that is read; Twilio takes 64 KB.
  public static let bytesMax = 65_536

  /// Reads where a document connects a call to: the first `<Stream>` within a `<Connect>`, with its parameters. Other verbs are passed over, as a
  /// caller who says nothing passes over `<Say>`.
  /// - Throws: for what is no such document, with what was looked for.
  public init(reading text: String) throws(WireFault) {
    guard text.utf8.count <= Self.bytesMax else {
      throw WireFault(.messageTooLarge, "the TwiML has \(text.utf8.count) bytes, expected at most \(Self.bytesMax)")
    }
    if let strange = text.unicodeScalars.first(where: { !Self.isXML($0) }) {
      throw Self.fault("the character number \(strange.value) is none of XML's")
    }
    var scanner = TagScanner(text)
    var open: [String] = []
    var stream: TwiML?
    while let tag = try scanner.next() {
      if stream != nil, tag.name == "Parameter", let name = tag.attributes["name"] {
        stream?.parameters.append((name, tag.attributes["value"] ?? ""))
      } else if stream == nil, tag.name == "Stream", !tag.isEnd {
        guard open.last == "Connect" else { throw Self.fault("`<Stream>` stands in no `<Connect>`: it is one-way") }
        guard let url = tag.attributes["url"], !url.isEmpty else { throw Self.fault("`<Stream>` has no `url`") }
        stream = TwiML(streamURL: url)
        if tag.isEmpty { break }
      }
      if tag.isEnd {
        guard open.popLast() == tag.name else { throw Self.fault("`</\(tag.name)>` closes what is not open") }
        if tag.name == "Stream" { break }
      } else if !tag.isEmpty {
        open.append(tag.name)
        guard open.count <= Self.depthMax else {
          throw Self.fault("more than \(Self.depthMax) elements in one another")
        }
      }
    }
    guard let stream else { throw Self.fault("expected `<Connect><Stream url=\"…\"/></Connect>`, found no stream") }
    self = stream
  }

  private static let depthMax = 16

  /// Whether XML 1.0 has it (2.2).
  static func isXML(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x10000...: true
    default: false
    }
  }

  fileprivate static func fault(_ text: String) -> WireFault { WireFault(.badFrame, "TwiML: \(text)") }
}

/// One tag of XML.
private struct Tag {
  var name: String
  var attributes: [String: String] = [:]
  /// Whether it is a closing one.
  var isEnd = false
  /// Whether it closes itself.
  var isEmpty = false
}

/// Finds the tags of a document one after the other; text, comments, declarations and CDATA are passed over. XML is made of scalars: a mark
/// that joins a letter before it, as in decomposed `é`, would hide a quote that it follows.
private struct TagScanner {
  private var rest: Substring.UnicodeScalarView

  init(_ text: String) { rest = text[...].unicodeScalars }

  mutating func next() throws(WireFault) -> Tag? {
    while let start = rest.firstIndex(of: "<") {
      rest = rest[start...]
      if try skip("<!--", to: "-->") { continue }
      if try skip("<![CDATA[", to: "]]>") { continue }
      if try skip("<?", to: "?>") { continue }
      // A document type could bring entities of its own.
      guard !begins(with: "<!") else { throw TwiML.fault("a document type is not read") }
      rest.removeFirst()
      return try tag()
    }
    return nil
  }

  private func begins(with text: String) -> Bool { rest.starts(with: text.unicodeScalars) }

  private mutating func skip(_ opening: String, to closing: String) throws(WireFault) -> Bool {
    guard begins(with: opening) else { return false }
    guard let end = rest.firstRange(of: closing.unicodeScalars) else {
      throw TwiML.fault("`\(opening)` is not closed")
    }
    rest = rest[end.upperBound...]
    return true
  }

  private mutating func tag() throws(WireFault) -> Tag {
    let isEnd = rest.first == "/"
    if isEnd { rest.removeFirst() }
    var tag = Tag(name: word(), isEnd: isEnd)
    guard !tag.name.isEmpty else { throw TwiML.fault("`<` without a name; write &lt; in texts") }
    while true {
      skipBlanks()
      switch rest.first {
      case ">":
        rest.removeFirst()
        return tag
      case "/":
        guard begins(with: "/>") else { throw TwiML.fault("`/` in `<\(tag.name)>` without `>`") }
        rest.removeFirst(2)
        tag.isEmpty = true
        return tag
      case nil: throw TwiML.fault("`<\(tag.name)>` is not closed")
      default: try attribute(of: &tag)
      }
    }
  }

  private mutating func attribute(of tag: inout Tag) throws(WireFault) {
    let name = word()
    skipBlanks()
    guard !name.isEmpty, rest.popFirst() == "=" else {
      throw TwiML.fault("an attribute of `<\(tag.name)>` without `=`")
    }
    skipBlanks()
    guard let quote = rest.popFirst(), quote == "\"" || quote == "'", let end = rest.firstIndex(of: quote) else {
      throw TwiML.fault("`\(name)` of `<\(tag.name)>` is not in quotes")
    }
    tag.attributes[name] = try Self.plain(rest[..<end])
    rest = rest[rest.index(after: end)...]
  }

  private mutating func word() -> String {
    let word = rest.prefix { !Self.isBlank($0) && !"<>/=\"'".unicodeScalars.contains($0) }
    rest = rest[word.endIndex...]
    return String(word)
  }

  private mutating func skipBlanks() { rest = rest.drop(while: Self.isBlank) }

  /// XML's white space (2.3).
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
  }

  /// With the five entities of XML and numbers of characters in place of what stands for them.
  private static func plain(_ text: Substring.UnicodeScalarView) throws(WireFault) -> String {
    var plain = String.UnicodeScalarView()
    var rest = text
    while let start = rest.firstIndex(of: "&") {
      plain += rest[..<start]
      guard let end = rest[start...].firstIndex(of: ";") else { throw TwiML.fault("`&` without `;`; write &amp;") }
      let entity = String(rest[rest.index(after: start)..<end])
      guard let character = character(entity) else { throw TwiML.fault("`&\(entity.prefix(20));` is no entity of XML") }
      plain.append(character)
      rest = rest[rest.index(after: end)...]
    }
    return String(plain + rest)
  }

  private static func character(_ entity: String) -> Unicode.Scalar? {
    switch entity {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    case _ where entity.hasPrefix("#x"): return UInt32(entity.dropFirst(2), radix: 16).flatMap(numbered)
    case _ where entity.hasPrefix("#"): return UInt32(entity.dropFirst()).flatMap(numbered)
    default: return nil
    }
  }

  /// `nil` for what is no character of XML.
  private static func numbered(_ number: UInt32) -> Unicode.Scalar? {
    Unicode.Scalar(number).flatMap { TwiML.isXML($0) ? $0 : nil }
  }
}
