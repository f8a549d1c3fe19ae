import CallCore
import JSON
import Wires
import Testing
import TestSupport

@Suite("Client messages")
struct ClientMessageTests {
  private static let hearingKeys: StartRequest = {
    var request = StartRequest(flow: "keys")
    request.keyTones = true
    request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    return request
  }()

  static let messages: [ClientMessage] = [
    .start(StartRequest(flow: "clinic")),
    .start(
      StartRequest(
        flow: "Straße \"7\"", codec: .pcm16, sampleRate: 48000, voice: "heart", metadata: ["b": "2", "a": "é\n"],
        seed: .min)),
    .start(StartRequest(flow: "x", codec: .mulaw)),
    .start(hearingKeys),
    .dtmf("0"), .dtmf("*"), .dtmf("#"),
    .text("I'd like a table 🍽 for two"),
    .played(UtteranceID(7), .milliseconds(1340)),
    .hangup,
  ]

  @Test("what a client encodes the server decodes", arguments: messages)
  func roundTrip(message: ClientMessage) throws {
    #expect(try ClientMessage(decoding: message.json) == message)
  }

  @Test(
    "a traceparent that is none keeps no call from beginning",
    arguments: ["7", "[]", "\"\"", "null", "\"\(String(repeating: "0", count: 999))\""])
  func badTraceParent(value: String) throws {
    let text = #"{"type":"start","flow":"clinic","traceparent":\#(value)}"#
    guard case .start(let request) = try ClientMessage(decoding: Array(text.utf8)) else {
      Issue.record("\(text) is no start")
      return
    }
    #expect(request.flow == "clinic" && (request.traceparent ?? "").isEmpty)
  }

  @Test("the texts are those of Wire.md, in its order")
  func texts() {
    #expect(
      ClientMessage.start(StartRequest(flow: "clinic", voice: "heart", metadata: ["a": "1"], seed: 4)).jsonText
        == #"{"type":"start","flow":"clinic","codec":"opus","sampleRate":16000,"voice":"heart","metadata":{"a":"1"},"seed":4}"#
    )
    #expect(ClientMessage.dtmf("#").jsonText == ##"{"type":"dtmf","digit":"#"}"##)
    #expect(
      ClientMessage.played(UtteranceID(2), .seconds(1)).jsonText == #"{"type":"played","utterance":2,"ms":1000}"#)
    #expect(ClientMessage.hangup.jsonText == #"{"type":"hangup"}"#)
  }

  @Test("what start leaves out has the values of Wire.md")
  func defaults() throws {
    let plain = try ClientMessage(decoding: Array(#"{"type":"start","flow":"f","voice":null,"later":[1]}"#.utf8))
    #expect(plain == .start(StartRequest(flow: "f", codec: .opus, sampleRate: 16000)))
    let telephone = try ClientMessage(decoding: Array(#"{"codec":"mulaw","flow":"f","type":"start"}"#.utf8))
    #expect(telephone == .start(StartRequest(flow: "f", codec: .mulaw, sampleRate: 8000)))
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    var text: String
    var code: WireFault.Code
    var words: [String]
    init(_ text: String, _ code: WireFault.Code, _ words: String...) {
      (self.text, self.code, self.words) = (text, code, words)
    }
    var testDescription: String { "\(code.rawValue): \(text.prefix(60))" }
  }

  @Test(
    "a fault names the field, what was expected and what came",
    arguments: [
      Wrong("{", .malformedJSON, "byte 1", "got the end"),
      Wrong("hello", .malformedJSON, "byte 0", "'h'"),
      Wrong("[]", .wrongType, "expected an object", "a list of 0"),
      Wrong("{}", .missingField, "type"),
      Wrong(#"{"type":null}"#, .missingField, "type"),
      Wrong(#"{"type":5}"#, .wrongType, "type", "the number 5"),
      Wrong(#"{"type":"dance"}"#, .unknownType, "start, dtmf, text, played, hangup", "\"dance\""),
      Wrong(#"{"type":"start"}"#, .missingField, "start.flow", "a text"),
      Wrong(#"{"type":"start","flow":7}"#, .wrongType, "start.flow", "a text", "the number 7"),
      Wrong(#"{"type":"start","flow":""}"#, .outOfRange, "start.flow", "not empty"),
      Wrong(
        #"{"type":"start","flow":"f","codec":"mp3"}"#, .outOfRange, "start.codec", "\"opus\", \"pcm16\", \"mulaw\"",
        "\"mp3\""),
      Wrong(#"{"type":"start","flow":"f","codec":1}"#, .wrongType, "start.codec"),
      Wrong(#"{"type":"start","flow":"f","sampleRate":44100}"#, .outOfRange, "start.sampleRate", "16000", "44100"),
      Wrong(#"{"type":"start","flow":"f","codec":"mulaw","sampleRate":16000}"#, .outOfRange, "one of 8000 with mulaw"),
      Wrong(#"{"type":"start","flow":"f","codec":"pcm16","sampleRate":12000}"#, .outOfRange, "pcm16"),
      Wrong(#"{"type":"start","flow":"f","sampleRate":"16000"}"#, .wrongType, "start.sampleRate", "the text \"16000\""),
      Wrong(#"{"type":"start","flow":"f","voice":true}"#, .wrongType, "start.voice", "true"),
      Wrong(
        #"{"type":"start","flow":"f","today":"tomorrow"}"#, .outOfRange, "start.today", "a day such as \"2026-03-02\""),
      Wrong(#"{"type":"start","flow":"f","today":"the day after tomorrow"}"#, .outOfRange, "a day such as"),
      Wrong(#"{"type":"start","flow":"f","seed":1.5}"#, .outOfRange, "start.seed", "1.5"),
      Wrong(#"{"type":"start","flow":"f","seed":1e30}"#, .outOfRange, "start.seed"),
      Wrong(#"{"type":"start","flow":"f","metadata":[]}"#, .wrongType, "start.metadata", "an object"),
      Wrong(#"{"type":"start","flow":"f","metadata":{"a":1}}"#, .wrongType, "start.metadata", "\"a\"", "the number 1"),
      Wrong(#"{"type":"start","flow":"f","metadata":{"a":null}}"#, .wrongType, "start.metadata", "null"),
      Wrong(#"{"type":"start","flow":"a\u0000b"}"#, .outOfRange, "start.flow", "NUL"),
      Wrong(#"{"type":"start","flow":"f","metadata":{"a":"\u0000"}}"#, .outOfRange, "start.metadata", "NUL"),
      Wrong(#"{"type":"start","flow":"f","metadata":{"a\u0000":"b"}}"#, .outOfRange, "start.metadata", "NUL"),
      Wrong(#"{"type":"dtmf"}"#, .missingField, "dtmf.digit"),
      Wrong(#"{"type":"dtmf","digit":5}"#, .wrongType, "dtmf.digit"),
      Wrong(#"{"type":"dtmf","digit":"A"}"#, .outOfRange, "dtmf.digit", "0 to 9", "\"A\""),
      Wrong(#"{"type":"dtmf","digit":"12"}"#, .outOfRange, "dtmf.digit", "\"12\""),
      Wrong(#"{"type":"dtmf","digit":""}"#, .outOfRange, "dtmf.digit"),
      Wrong(#"{"type":"dtmf","digit":"٣"}"#, .outOfRange, "dtmf.digit"),
      Wrong(#"{"type":"text","text":""}"#, .outOfRange, "text.text", "not empty"),
      Wrong(#"{"type":"text"}"#, .missingField, "text.text"),
      Wrong(#"{"type":"played","ms":5}"#, .missingField, "played.utterance"),
      Wrong(#"{"type":"played","utterance":0,"ms":5}"#, .outOfRange, "played.utterance", "from 1", "the number 0"),
      Wrong(#"{"type":"played","utterance":1,"ms":-5}"#, .outOfRange, "played.ms", "from 0", "-5"),
      Wrong(#"{"type":"played","utterance":1,"ms":9223372036854775807}"#, .outOfRange, "played.ms"),
      Wrong(#"{"type":"played","utterance":1,"ms":"5"}"#, .wrongType, "played.ms"),
    ])
  func faults(wrong: Wrong) {
    do {
      let message = try ClientMessage(decoding: Array(wrong.text.utf8))
      Issue.record("\(wrong.text) gave \(message)")
    } catch {
      #expect(error.code == wrong.code, "\(error)")
      for words in wrong.words { #expect(error.message.contains(words), "\(error)") }
      #expect(!error.isFatal)
    }
  }

  @Test("1,000 characters are a text, 1,001 are too long, however many bytes they have", arguments: ["a", "é", "😀"])
  func textLength(character: String) throws {
    let most = String(repeating: character, count: WireLimits.textCharactersMax)
    #expect(try ClientMessage(decoding: ClientMessage.text(most).json) == .text(most))
    #expect(code(ClientMessage.text(most + character).json) == .tooLong)
  }

  @Test("a text of escaped surrogate pairs is as long as it is short unescaped")
  func escapedText() throws {
    let frame = #"{"type":"text","text":""# + String(repeating: #"\ud83d\ude00"#, count: 1000) + "\"}"
    #expect(try ClientMessage(decoding: Array(frame.utf8)) == .text(String(repeating: "😀", count: 1000)))
  }

  @Test("names, metadata and frames have their limits")
  func limits() throws {
    func start(name: Int = 1, entries: Int = 0, value: String = "v") -> [UInt8] {
      let metadata = Dictionary(uniqueKeysWithValues: (0..<entries).map { ("k\($0 + 10)", value) })
      return ClientMessage.start(StartRequest(flow: String(repeating: "f", count: name), metadata: metadata)).json
    }
    #expect(code(start(name: 128)) == nil)
    #expect(code(start(name: 129)) == .tooLong)
    #expect(code(start(entries: 32)) == nil)
    #expect(code(start(entries: 33)) == .tooLong)
    #expect(code(start(entries: 32, value: String(repeating: "\"", count: 125))) == nil)
    #expect(code(start(entries: 32, value: String(repeating: "é", count: 63))) == .tooLong)
    let padding = [UInt8](repeating: 0x20, count: WireLimits.textFrameBytesMax)
    let hangup = ClientMessage.hangup.json
    #expect(code(hangup + padding.dropLast(hangup.count)) == nil)
    #expect(code(hangup + padding.dropLast(hangup.count - 1)) == .messageTooLarge)
  }

  @Test("a nesting bomb is refused without a deep recursion")
  func bomb() {
    let bomb = #"{"type":"start","flow":"#.utf8 + [UInt8](repeating: UInt8(ascii: "["), count: 16_000)
    #expect(code(Array(bomb)) == .tooDeep)
  }

  @Test("no message is longer than a few hundred characters, whatever came")
  func shortMessages() {
    let long = String(repeating: "x", count: 10_000)
    for text in [
      #"{"type":"\#(long)"}"#, #"{"type":"start","flow":"f","codec":"\#(long)"}"#,
      #"{"type":"start","flow":"f","metadata":{"\#(long)":1}}"#, #"{"\#(long)":1,"\#(long)":2}"#,
      #"{"type":"played","utterance":\#(String(repeating: "9", count: 10_000))}"#,
    ] {
      do {
        _ = try ClientMessage(decoding: Array(text.utf8))
        Issue.record("\(text.prefix(80)) went through")
      } catch {
        #expect(error.message.count < 300, "\(error)")
      }
    }
  }

  @Test("random frames never trap, and what is decoded survives a round trip", arguments: [21, 22, 23])
  func random(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<3_000 {
      let message = Self.messages[Int.random(in: 0..<Self.messages.count, using: &generator)]
      var frame = message.json
      for _ in 0..<Int.random(in: 0...3, using: &generator) where !frame.isEmpty {
        let place = Int.random(in: 0..<frame.count, using: &generator)
        if Bool.random(using: &generator) {
          frame[place] = generator.bytes(1)[0]
        } else {
          frame.remove(at: place)
        }
      }
      guard let decoded = try? ClientMessage(decoding: frame) else { continue }
      #expect(try ClientMessage(decoding: decoded.json) == decoded, "seed \(seed)")
    }
  }

  func code(_ frame: [UInt8]) -> WireFault.Code? {
    do {
      _ = try ClientMessage(decoding: frame)
      return nil
    } catch {
      return error.code
    }
  }
}
