import CallCore
import TestSupport
import Testing

@Suite("Speech: marks of SSML")
struct SSMLTests {
  private static func parts(_ source: String, dates: DateOrder = .monthFirst) throws -> [SynthesisText] {
    try SSMLText(source).sentences(voice: "heart", dates: dates).map(\.synthesis)
  }

  private static func words(_ source: String, dates: DateOrder = .monthFirst) throws -> String {
    try parts(source, dates: dates).map(\.words).joined(separator: " | ")
  }

  @Test("Pauses and rates are given to the engine with the words that they belong to")
  func delivery() throws {
    let source = """
      <speak><break time="200ms"/>Hello. <break time="1.5s"/>Your code is
      <prosody rate="80%">4711</prosody>. Thank you.</speak>
      """
    #expect(
      try Self.parts(source) == [
        SynthesisText(
          "Hello.", SpeechDelivery(pauseBefore: .milliseconds(200), pauseAfter: .milliseconds(1500))),
        SynthesisText("Your code is", SpeechDelivery(pauseAfter: .zero)),
        SynthesisText("four thousand seven hundred eleven.", SpeechDelivery(ratePercent: 80)), "Thank you.",
      ])
  }

  @Test(
    "Words are said as their marks want it",
    arguments: [
      ("Hello.", "Hello."), ("<speak>Hello &amp; goodbye</speak>", "Hello and goodbye"),
      ("<speak>It costs $5. OK?</speak>", "It costs five dollars. | OK?"),
      ("<say-as interpret-as=\"digits\">4711</say-as>", "four seven one one"),
      ("Code <say-as interpret-as='digits'>47 11</say-as>, please.", "Code four seven, one one, please."),
      ("<say-as interpret-as='cardinal'>2026</say-as>", "two thousand twenty six"),
      ("<say-as interpret-as='number'>-3.5</say-as>", "minus three point five"),
      ("the <say-as interpret-as='ordinal'>21</say-as>.", "the twenty first."),
      ("<say-as interpret-as='characters'>AB-12</say-as>", "A. B dash one two"),
      ("<say-as interpret-as='spell-out'>cab x</say-as>", "C A. B, X"),
      ("<say-as interpret-as='verbatim'>é7</say-as>", "É seven"),
      (
        "Call <say-as interpret-as='telephone'>+1 555-0100 x2</say-as>.",
        "Call plus one, five five five, zero one zero zero, extension two."
      ),
      ("<say-as interpret-as='telephone'>1-800-FLY</say-as>", "one, eight zero zero, F L Y"),
      ("<say-as interpret-as='date' format='dmy'>03/05/2026</say-as>", "the third of May, twenty twenty six"),
      ("<say-as interpret-as='date' format='mdy'>03/05/2026</say-as>", "March fifth, twenty twenty six"),
      ("<say-as interpret-as='date' format='yyyymmdd'>20260503</say-as>", "May third, twenty twenty six"),
      ("<say-as interpret-as='date' format='md'>5/3</say-as>", "May third"),
      ("<say-as interpret-as='date' format='my'>05/2026</say-as>", "May twenty twenty six"),
      ("<say-as interpret-as='date' format='y'>1999</say-as>", "nineteen ninety nine"),
      ("<say-as interpret-as='date'>5/3</say-as>", "May third"),
      ("<say-as interpret-as='date' format='dmy'>tomorrow</say-as>", "tomorrow"),
      ("<say-as interpret-as='date' format='dmy'>30/02/2026</say-as>", "30/02/2026"),
      ("<say-as interpret-as='time'>2:30 p.m.</say-as>", "two thirty p.m."),
      ("<say-as interpret-as='time' format='hms12'>09:05</say-as>", "nine oh five"),
      ("<say-as interpret-as='currency'>$42.01</say-as>", "forty two dollars and one cent"),
      ("<sub alias=\"World Wide Web Consortium\">W3C</sub> is here", "World Wide Web Consortium is here"),
      ("<sub alias='$5'>five bucks</sub>", "five dollars"),
      ("<p><s>One</s><s>Two</s></p>Three", "One | Two | Three"),
      ("a <!-- said by nobody: <audio> --> b", "a b"),
      (
        "<?xml version=\"1.0\"?><speak version=\"1.1\" xmlns=\"http://www.w3.org/2001/10/synthesis\" xml:lang=\"en-US\">Hi</speak>",
        "Hi"
      ),
      ("caf&#233; &#x263A; &lt;3", "café less than three"),
      ("Dr. Smith lives in 12 Main St.", "Doctor Smith lives in twelve Main Street."),
    ])
  func words(source: String, said: String) throws {
    #expect(try Self.words(source) == said)
  }

  @Test("A date without a format is said in the order of the flow's country")
  func dateOrder() throws {
    let source = "<say-as interpret-as='date'>5/3</say-as> or <say-as interpret-as='date'>05/03/2026</say-as>"
    #expect(try Self.words(source, dates: .dayFirst) == "the fifth of March or the fifth of March, twenty twenty six")
  }

  @Test("The transcript has the words without marks, and what was heard of them is told by what is said for each")
  func transcript() throws {
    let source = "Your <sub alias=\"number of the order\">no.</sub> <say-as interpret-as='digits'>47</say-as>, sir"
    let text = try SSMLText(source)
    #expect(text.text == "Your no. 47, sir")
    let sentence = try #require(text.sentences(voice: "heart").first)
    #expect(sentence.text == "Your no. 47, sir")
    #expect(sentence.synthesis.words == "Your number of the order four seven, sir")
    let heard = (1...4).map { quarter in
      sentence.words(inFirst: .milliseconds(quarter * 250), of: .seconds(1)).joined(separator: " ")
    }
    #expect(heard == ["Your", "Your", "Your no.", "Your no. 47, sir"])
  }

  @Test("Silence around a part is no time in which words are heard")
  func silence() throws {
    let sentence = try #require(
      SSMLText("<break time='1s'/>One two three four<break time='1s'/>").sentences(voice: "heart").first)
    #expect(sentence.words(inFirst: .seconds(1), of: .seconds(3)) == [])
    #expect(sentence.words(inFirst: .milliseconds(1500), of: .seconds(3)) == ["One", "two"])
    #expect(sentence.words(inFirst: .milliseconds(2500), of: .seconds(3)) == ["One", "two", "three", "four"])
  }

  @Test("A voice of another language gets the words as they are, at the rate and with the pauses that are marked")
  func otherLanguages() throws {
    let text = try SSMLText("Um <say-as interpret-as='time'>9:05</say-as> <prosody rate='slow'>im Café</prosody>")
    #expect(
      text.sentences(voice: "espeak:de").map(\.synthesis) == [
        SynthesisText("Um 9:05", SpeechDelivery(pauseAfter: .zero)),
        SynthesisText("im Café", SpeechDelivery(ratePercent: 64)),
      ])
  }

  @Test(
    "What is not understood is named, with its place and what to write instead",
    arguments: [
      (
        "Hi <audio src='x'/>",
        "`<audio>` at character 4 is not understood here; there are `speak`, `p`, `s`, `break`, "
          + "`say-as`, `sub`, `prosody`"
      ),
      ("<emphasis>x</emphasis>", "`<emphasis>` at character 1 is not understood here"),
      (
        "<prosody pitch='high'>x</prosody>",
        "`<prosody>` at character 1 does not understand `pitch` here; it takes `rate` alone"
      ),
      ("<prosody>x</prosody>", "needs `rate"), ("<prosody rate='1000%'>x</prosody>", "25% to 400%, not \"1000%\""),
      ("<prosody rate='25%'><prosody rate='50%'>x</prosody></prosody>", "25% to 400%"),
      ("<break time='11s'/>", "at most 10 s, not \"11s\""), ("<break time='-1s'/>", "not \"-1s\""),
      ("<break strength='huge'/>", "none, x-weak, weak, medium, strong, x-strong"),
      ("<break>x</break>", "has words in it"), ("<say-as>x</say-as>", "needs `interpret-as"),
      ("<say-as interpret-as='expletive'>x</say-as>", "cardinal, number, ordinal"),
      ("<say-as interpret-as='date' format='foo'>x</say-as>", "takes a `format` of mdy, dmy"),
      ("<sub>x</sub>", "needs `alias"),
      ("<sub alias='x'>a<break/></sub>", "stands in `<sub>`, which holds words alone"),
      ("<speak>x", "`<speak>` is never closed"), ("x</s>", "`</s>` closes nothing"),
      ("<p>x</s></p>", "`</s>` stands where `<p>` is open"), ("<speak>x</speak>y", "words behind `</speak>`"),
      ("a<speak>x</speak>", "around the whole text"), ("<speak><speak>x</speak></speak>", "around the whole text"),
      ("<!DOCTYPE speak [<!ENTITY x 'y'>]><speak>&x;</speak>", "`<!` at character 1 is not understood"),
      ("<![CDATA[x]]>", "CDATA"), ("<?php ?>", "`<?` at character 1"), ("a & b", "write `&amp;`"),
      ("&nbsp;", "`&nbsp;` at character 1 is not known"), ("&#0;", "is not known"), ("&#xD800;", "is not known"),
      ("1 < 2", "`<` at character 3 begins no tag: write `&lt;`"), ("<!-- x", "has no end"),
      ("<s", "has no `>`"), ("<sub alias=x>y</sub>", "without a value in quotes"),
      ("<sub alias='x>y</sub>", "without a closing quote"), ("<sub alias='a' alias='b'>y</sub>", "`alias` twice"),
      ("<s foo='1'>x</s>", "does not understand `foo` here; it takes no attributes"),
    ])
  func faults(source: String, message: String) {
    let fault = #expect(throws: SSMLFault.self) { try SSMLText(source) }
    #expect(fault?.description.contains(message) ?? false, "\(fault?.description ?? "")")
  }

  @Test("Length, elements, nesting, values and silence have limits")
  func limits() throws {
    func fault(_ source: String) -> String {
      #expect(throws: SSMLFault.self) { try SSMLText(source) }?.description ?? ""
    }
    #expect(fault(String(repeating: "a", count: 50_001)).contains("50001 characters; at most 50000"))
    #expect(fault(String(repeating: "<s/>", count: 1_001)).contains("more than 1000 elements"))
    #expect(fault(String(repeating: "<p>", count: 17)).contains("deeper than 16"))
    #expect(fault(String(repeating: "<break time='10s'/>", count: 7)).contains("longer than 60 s together"))
    #expect(fault("<sub alias='\(String(repeating: "a", count: 201))'>x</sub>").contains("more than 200 characters"))
    _ = try SSMLText(String(repeating: "<s/>", count: 1_000))
    let spelled = String(repeating: "7", count: 200)
    for part in try Self.parts("<say-as interpret-as='digits'>\(spelled)</say-as>") {
      #expect(part.words.unicodeScalars.count <= 450)
    }
  }

  @Test(
    "Long texts are done in time that grows with their length", .timeLimit(.minutes(2)),
    arguments: ["<", "&", "&amp;", "a ", "<!--", "'", "$1 ", "\u{301}", "7", "<s/>x. "])
  func linear(piece: String) {
    let text = String(repeating: piece, count: 49_000 / piece.unicodeScalars.count)
    for text in [text, "<sub alias='x'>\(text)</sub>", "<say-as interpret-as='characters'>\(text)</say-as>"] {
      do throws(SSMLFault) {
        let ssml = try SSMLText(text)
        #expect(ssml.sentences(voice: "heart").isEmpty == !ssml.hasWords)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  @Test("No text of any marks traps; what is taken has every word in its transcript, in order", arguments: 1...200)
  func anyMarks(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "<speak>", "</speak>", "<p>", "</p>", "<s>", "</s>", "<break/>", "<break time='1s'/>", "<break time=\"",
      "<prosody rate='slow'>", "<prosody rate='+10%'>", "</prosody>", "<say-as interpret-as='digits'>",
      "<say-as interpret-as='date'>", "<say-as interpret-as='telephone'>", "</say-as>", "<sub alias='five'>", "</sub>",
      "&amp;", "&lt;", "&#65;", "&", "<", ">", "'", "\"", "/", "=", "<!--", "-->", " ", " ", "\n", "12", "5/3", "$4",
      ".", "?", ",",
      "word", "Dr.", "日", "\u{301}", "👍", "\u{0}",
    ]
    for _ in 0..<300 {
      let source = (0..<Int.random(in: 0...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      do throws(SSMLFault) {
        let text = try SSMLText(source)
        for voice in ["heart", "espeak:de"] {
          let sentences = text.sentences(voice: voice)
          var rest = text.text.unicodeScalars.filter { !$0.properties.isWhitespace }[...]
          for scalar in sentences.flatMap(\.text.unicodeScalars) where !scalar.properties.isWhitespace {
            rest = rest.drop { $0 != scalar }
            #expect(!rest.isEmpty, "\(source.debugDescription)")
            rest = rest.dropFirst()
          }
          for sentence in sentences {
            #expect(sentence.synthesis.words.contains { $0.isLetter || $0.isNumber }, "\(source.debugDescription)")
            let all = sentence.words(inFirst: .seconds(100), of: .seconds(100))
            #expect(
              all.joined(separator: " ").filter { !$0.isWhitespace } == sentence.text.filter { !$0.isWhitespace },
              "\(source.debugDescription)")
          }
        }
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }
}
