import JSON
import Testing
import TestSupport

@Suite("Writing JSON")
struct JSONWriterTests {
  struct Sample: JSONDocument {
    var text: String

    func writeMembers(to writer: inout JSONWriter) {
      writer.field("text", text)
      writer.field("none", nil as Int?)
      writer.field("nothing", nil as String?)
      writer.field("least", Int64.min)
      writer.field("yes", true)
      writer.list("list", [1, 2]) { writer, number in writer.object { $0.field("n", number) } }
      writer.list("empty", [Int]()) { _, _ in }
      writer.object("inner") { $0.field("no", false) }
      writer.object("bare") { _ in }
      writer.field("map", ["b": "2", "a": "1"])
    }
  }

  @Test("members keep their order, maps are sorted, commas stand between")
  func order() {
    #expect(
      Sample(text: "x").jsonText
        == #"{"text":"x","none":null,"nothing":null,"least":-9223372036854775808,"yes":true,"list":[{"n":1},{"n":2}],"#
        + #""empty":[],"inner":{"no":false},"bare":{},"map":{"a":"1","b":"2"}}"#)
  }

  @Test("every text comes back as it was", arguments: [1, 2])
  func escaping(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let scalars = (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &generator) ? 0x7F : 0x10FFFF), using: &generator))
      }
      let text = String(String.UnicodeScalarView(scalars))
      let back = try JSONValue(parsing: Sample(text: text).json)["text"]
      guard case .string(let string) = back else {
        Issue.record("seed \(seed): \(text) came back as \(String(describing: back))")
        continue
      }
      #expect(Array(string.unicodeScalars) == scalars, "seed \(seed)")
    }
  }

  @Test("control characters have the short escape where there is one")
  func shortEscapes() {
    #expect(
      Sample(text: "\"\\\u{8}\u{C}\n\r\t\u{0}\u{1F}/\u{7F}é").jsonText.hasPrefix(
        #"{"text":"\"\\\b\f\n\r\t\u0000\u001f/"# + "\u{7F}é\""))
  }
}
