/// A function, initializer, subscript or computed property with its body.
struct ScannedFunction: Equatable {
  let name: String
  /// Of the declaration, without its documentation.
  let firstLine: Int
  /// Of the closing brace.
  let lastLine: Int

  var lineCount: Int { lastLine - firstLine + 1 }
}

/// Finds the bodies of functions by their braces.
enum FunctionScanner {
  private static let introducers: Set<String> = ["func", "init", "deinit", "subscript", "var"]
  /// Words that begin another declaration or statement: the one before them had no body.
  private static let separators: Set<String> = [
    "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "class", "enum", "extension", "protocol",
    "public",
    "package", "private", "internal", "fileprivate", "static", "mutating", "return", "if", "guard", "for", "while",
    "switch",
    "}", "=", "@", ";",
  ]

  static func functions(in tokens: [Token]) -> [ScannedFunction] {
    tokens.indices.compactMap { index in
      guard introducers.contains(tokens[index].text), !isUse(index, in: tokens),
        let brace = bodyStart(after: index, in: tokens)
      else { return nil }
      let name = ["init", "deinit", "subscript"].contains(tokens[index].text) ? tokens[index] : tokens[index + 1]
      return ScannedFunction(
        name: name.text, firstLine: tokens[index].line, lastLine: lastLine(ofBodyAt: brace, in: tokens))
    }
  }

  /// `.init(…)` calls one, and so does `init` in a selector.
  private static func isUse(_ index: Int, in tokens: [Token]) -> Bool {
    index + 1 >= tokens.count || (index > 0 && tokens[index - 1].text == ".")
  }

  private static func bodyStart(after index: Int, in tokens: [Token]) -> Int? {
    var depth = 0
    for place in tokens.indices[(index + 1)...] {
      switch tokens[place].text {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{" where depth == 0: return place
      // The operator of `static func == (…)` is no assignment.
      case "=" where tokens[index].text == "func" && place <= index + 2: break
      case let text where depth == 0 && separators.contains(text): return nil
      default: break
      }
      if depth < 0 { return nil }
    }
    return nil
  }

  private static func lastLine(ofBodyAt brace: Int, in tokens: [Token]) -> Int {
    var depth = 0
    for token in tokens[brace...] {
      depth += token.text == "{" ? 1 : token.text == "}" ? -1 : 0
      if depth == 0 { return token.line }
    }
    return tokens[brace].line
  }
}
