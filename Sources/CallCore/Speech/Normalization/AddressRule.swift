/// Addresses of mail and of the web: `jane.doe@example.com`, `www.example.com/help` (without its `www`), `https://example.com/a?b=c`; and names of files.
enum AddressRule {
  private static let domains: Set<String> = [
    "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "app", "dev", "shop", "online", "site", "cloud",
    "health", "co", "io", "ai",
    "uk", "us", "ca", "au", "de", "fr", "es", "it", "nl", "eu", "ch", "at", "ie", "nz", "in", "jp", "me", "tv", "se",
    "no", "dk", "be", "pl",
  ]
  private static let files: Set<String> = [
    "pdf", "txt", "doc", "docx", "jpg", "png", "gif", "csv", "exe", "html", "zip", "xlsx", "mp3", "wav", "mp4", "py",
    "js", "json", "yaml",
  ]
  private static let marks: [Character: String] = [
    ".": "dot", "@": "at", "-": "dash", "_": "underscore", "/": "slash", "?": "question mark", "=": "equals",
    "&": "and", "+": "plus",
    "#": "hash", "%": "percent", "~": "tilde", ":": "colon", "*": "star",
  ]

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let core = tokens[index].core
    guard core.contains("."), core.contains(where: \.isLetter), core.allSatisfy({ $0.isASCII && !$0.isWhitespace })
    else {
      return handle(core)
    }
    if core.contains("@") { return isMail(core) ? SpokenSpan(words: said(core)) : nil }
    var rest = core[...]
    let scheme = ["https://", "http://", "ftp://"].first { core.lowercased().hasPrefix($0) }
    if let scheme { rest = rest.dropFirst(scheme.count) }
    if rest.lowercased().hasPrefix("www.") { rest = rest.dropFirst(4) }  // as people say it
    while rest.last == "/" { rest = rest.dropLast() }
    guard scheme != nil || isHost(rest.prefix { !"/?#:".contains($0) }) || isFile(rest) else { return nil }
    return SpokenSpan(words: said(rest))
  }

  /// `@home` and `#tag`.
  private static func handle(_ text: String) -> SpokenSpan? {
    guard let first = text.first, first == "@" || first == "#" else { return nil }
    let name = text.dropFirst()
    guard name.first?.isLetter ?? false, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
    else {
      return nil
    }
    return SpokenSpan(words: (first == "@" ? "at " : "hashtag ") + said(name))
  }

  private static func isMail(_ text: String) -> Bool {
    let pieces = text.split(separator: "@", omittingEmptySubsequences: false)
    return pieces.count == 2 && !pieces[0].isEmpty && pieces[1].contains(".") && pieces[1].last != "."
  }

  private static func isHost(_ text: some StringProtocol) -> Bool {
    let labels = text.lowercased().split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count > 1, let last = labels.last, domains.contains(String(last)), last == text.suffix(last.count)
    else { return false }
    return labels.allSatisfy { label in
      !label.isEmpty && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
    } && (labels.count > 2 || labels[0].count > 1)
  }

  private static func isFile(_ text: Substring) -> Bool {
    let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
    guard pieces.count == 2, files.contains(pieces[1].lowercased()) else { return false }
    return !pieces[0].isEmpty && pieces[0].allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
  }

  private static func said(_ text: some StringProtocol) -> String {
    var words: [String] = []
    var run = ""
    func close() {
      guard !run.isEmpty else { return }
      words.append(part(run, isLast: words.last == "dot"))
      run = ""
    }
    for character in text {
      if let last = run.last, last.isNumber != character.isNumber { close() }
      if let name = marks[character] {
        close()
        words.append(name)
      } else {
        run.append(character)
      }
    }
    close()
    return words.joined(separator: " ")
  }

  private static func part(_ run: String, isLast: Bool) -> String {
    if run.isDigits { return NumeralWords.digits(run) }
    let isCountry = isLast && run.count == 2 && domains.contains(run) && !["co", "me", "in", "no", "be"].contains(run)
    return isCountry || ["pdf", "csv", "xlsx", "html", "js"].contains(run) ? IdentifierRule.letters(run) : run
  }
}
