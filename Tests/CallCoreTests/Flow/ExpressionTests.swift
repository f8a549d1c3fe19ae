import CallCore
import Testing

@Suite("Flow: regular expressions end, whatever they are")
struct ExpressionTests {
  /// Expressions on which a searcher that goes back and tries again does not end.
  static let slowElsewhere = [
    "(a+)+b", "(a|a)*b", "(a|aa)+b", "(aa?)+b", "(?:a?a?)+b", "(a?){30}a{30}b", "\\w*\\w*\\w*\\w*\\w*b9", "(.|x)*b",
    "([a-z]|[a-y])+9", "(\\w|\\s)*9", "(?:a|b|ab)*c9", "((a)|(a))*b", "(a*?a)*?b", "[(](a+)+b", "(a\\+|a)+b",
    "(?i:a|A)+b9", "(x{0}a|a)+9", "(what|when|where).*(is|are).*(my|the).*(parcel|package)", ".*.*.*.*=x",
    "\\w+\\s\\w+\\s\\w+\\s\\w+x", "(no ?)*way",
  ]

  static let longTexts = [
    String(repeating: "a", count: 900) + " c", String(repeating: "what is the ", count: 83),
    String(repeating: "a d ", count: 240), String(repeating: "no ", count: 330),
  ]

  @Test("In a long text nothing is found, at once", arguments: slowElsewhere)
  func ends(source: String) throws {
    let expression = CompiledPattern(source)
    #expect(expression.fault == nil)
    let pattern = try #require(UtterancePattern("/\(source)/"))
    for text in Self.longTexts {
      #expect(!expression.isFound(in: text))
      #expect(!FlowTest.matches(expression).holds(for: text))
      let heard = UtteranceIndex(UtteranceWords(text))
      #expect(pattern.length(in: heard) == 0)
      #expect(heard.steps <= UtteranceIndex.stepsMax)
    }
  }

  @Test(
    "They find what they are to find",
    arguments: [
      ("(a+)+b", "xaab"), ("(a|aa)+b", "aaab"),
      ("(what|when|where).*(is|are).*(my|the).*(parcel|package)", "So where is my PARCEL?"),
      ("(?i:a|A)+b9", "AAb9"), ("^x[0-9]+$", "X17"), ("which.*come", "Which day would you come?"),
    ])
  func found(source: String, text: String) {
    #expect(CompiledPattern(source).isFound(in: text))
  }

  @Test(
    "What there is not is named with what to do instead",
    arguments: [
      ("(?=a)b", "look-ahead `(?=`"), ("(?!a)b", "look-ahead `(?!`"), ("(?<=a)b", "look-behind"),
      ("(?<!a)b", "look-behind"), ("(?<x>a)", "needs no name"), ("(?>a+)b", "atomic group"),
      ("(a)\\1", "back-reference `\\1`"), ("(?P<x>a)\\k<x>", "back-reference `\\k`"), ("a++", "`++`"),
      ("a{1,2000}", "at most 1,000"), ("(((a{9}){9}){9}){9}", "1,000"), ("(\\pL{30}){30}", "too large"),
      ("(a", "not a regular expression"), ("*", "not a regular expression"), ("a)(b", "not a regular expression"),
    ])
  func refused(source: String, says: String) throws {
    let fault = try #require(CompiledPattern(source).fault)
    #expect(fault.description.contains(says))
    #expect(UtterancePattern("/\(source)/") == nil)
    #expect(!CompiledPattern(source).isFound(in: "a ab aab"))
  }

  @Test(
    "Border of a word, with letters that are not ASCII too",
    arguments: [
      ("/caf/", "un café", 0), ("/café/", "un CAFÉ noir", 1), ("/école/", "école", 1), ("/cole/", "école", 0),
      ("/(de|du) caf./", "tasse de café noir", 2), ("/где (моя|мой) .*заказ/", "Скажите, где мой новый заказ", 4),
      ("/get me (a|the) /", "get me a tea", 3), ("/ is /", "it is", 0), ("/ is/", "it is", 1), ("/你好/", "你好", 1),
      ("/.*card/", "my card is gone", 2), ("/x?/", "card", 0), ("/a \\d+/", "order a 12", 2),
    ])
  func borders(pattern: String, text: String, words: Int) throws {
    #expect(try #require(UtterancePattern(pattern)).length(in: UtteranceIndex(UtteranceWords(text))) == words)
  }

  @Test("Two of the same text are the same")
  func same() {
    #expect(CompiledPattern("a+") == "a+")
    #expect(Set(["/a+/", "/a+/", "/b/", "b", "B!"].map { UtterancePattern($0) }).count == 3)
  }
}
