import JSON
import TestSupport
import Testing
import Wires

@Suite("Reading TwiML")
struct TwiMLReadingTests {
  @Test("what we write is read again, whatever the characters")
  func roundTrip() throws {
    let document = TwiML(
      streamURL: "wss://bot.example/ws", parameters: [("a", "1 < 2 & \"3\" > 'é'"), ("b", ""), ("c", "x\ty\nz")])
    let read = try TwiML(reading: document.text)
    #expect(read == document)
    #expect(read.parameters.map(\.value) == ["1 < 2 & \"3\" > 'é'", "", "x\ty\nz"])
  }

  @Test("marks that join what stands before them hide neither quotes nor entities")
  func marks() throws {
    let read = try TwiML(
      reading: "<Response><Connect><Stream url=\"\u{301}ws://h/&amp;\u{301}\"/></Connect></Response>")
    #expect(Array(read.streamURL.unicodeScalars) == Array("\u{301}ws://h/&\u{301}".unicodeScalars))
    let again = try TwiML(reading: read.text)
    #expect(again == read)
  }

  private static let right: [(text: String, url: String, parameters: [String])] = [
    ("<Response><Connect><Stream url='ws://h/s'/></Connect></Response>", "ws://h/s", []),
    (
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- a greeting, <Stream url="no"/> -->
      <Response><Say voice="alice">Wait &amp; see</Say><Pause length="1"/>
        <Connect action="/x"><Stream name = "n" url = "wss://h/s?&#97;&#x62;" >
          <Parameter name="flow" value="book"/><Parameter value='2' name='n'></Parameter>
        </Stream></Connect><Hangup/><Connect><Stream url="ws://late"/></Connect></Response>
      """, "wss://h/s?ab", ["flow=book", "n=2"]
    ),
    ("<Response><![CDATA[<Stream url=\"no\"/>]]><Connect><Stream url=\"ws://h\"/></Connect></Response>", "ws://h", []),
  ]

  @Test("documents of others", arguments: right.indices)
  func ofOthers(index: Int) throws {
    let (text, url, parameters) = Self.right[index]
    let document = try TwiML(reading: text)
    #expect(document.streamURL == url && document.parameters.map { "\($0.name)=\($0.value)" } == parameters)
  }

  @Test(
    "what is no such document is told",
    arguments: [
      ("", "found no stream"), ("{\"error\":1}", "found no stream"),
      ("<Response><Hangup/></Response>", "found no stream"),
      ("<Response><Start><Stream url='ws://h'/></Start></Response>", "one-way"),
      ("<Response><Connect><Stream/></Connect></Response>", "no `url`"),
      ("<Response><Connect><Stream url=ws></Connect></Response>", "not in quotes"),
      ("<Response><Connect><Stream url='ws", "not in quotes"),
      ("<Response><Connect><Stream url='a&b;'/></Connect></Response>", "no entity"),
      ("<Response><Connect><Stream url='a&#0;'/></Connect></Response>", "no entity"),
      ("<Response><Connect><Stream url='a&b'/></Connect></Response>", "without `;`"),
      ("<Response></Connect>", "closes what is not open"), ("<Response><Connect", "not closed"),
      ("<!-- ", "not closed"), ("< >", "without a name"), ("<a / b>", "without `>`"), ("<a b>", "without `=`"),
      ("<!DOCTYPE r [<!ENTITY x 'y'>]><r/>", "document type"), (String(repeating: "<a>", count: 17), "more than 16"),
      ("<Response><Connect><Stream url='a\u{1}'/></Connect></Response>", "number 1 is none of XML's"),
      (String(repeating: " ", count: 65_537), "expected at most 65536"),
    ])
  func wrong(text: String, says: String) {
    do {
      _ = try TwiML(reading: text)
      Issue.record("it was read")
    } catch {
      #expect("\(error)".contains(says), "\(error)")
    }
  }

  @Test("random bytes in a document end nothing", arguments: 0..<300)
  func rubbish(seed: Int) {
    var luck = SeededGenerator(seed: UInt64(seed))
    var bytes = Array(Self.right[1].text.utf8)
    for _ in 0..<Int.random(in: 1...12, using: &luck) {
      bytes[Int.random(in: bytes.indices, using: &luck)] = UInt8.random(in: 0...255, using: &luck)
    }
    do { _ = try TwiML(reading: String(decoding: bytes, as: UTF8.self)) } catch { #expect(!error.message.isEmpty) }
  }
}
