import CallCore
import JSON
import Wires
import LoadTest
import Testing

@Suite("What a load call reads of a message")
struct MessageScannerTests {
  func scanner(_ text: String, followsWords: Bool = false) throws -> MessageScanner {
    try Array(text.utf8).withUnsafeBytes { try MessageScanner($0, followsWords: followsWords) }
  }

  @Test("our server's messages, told by their first bytes, say the same as when they are read in full")
  func own() throws {
    let ready = ReadyNotice(callID: "a", codec: .opus, sampleRate: 16_000, flow: "f", voice: "v")
    let messages: [(ServerMessage, MessageScanner)] = [
      (.ready(ready), .ready), (.speech(started: true, at: .zero), .nothing),
      (.state(name: "a", from: "b", because: "c"), .nothing), (.clear(UtteranceID(1)), .clear),
      (.error(code: "refused", message: "no", fatal: true), .error(code: "refused")),
      (.error(code: "odd", message: "no", fatal: false), .nothing), (.ended(.completed, nil), .ended(.completed)),
    ]
    for (message, expected) in messages { #expect(try scanner(message.jsonText) == expected) }
    for reason in CloseReason.allCases {
      #expect(try scanner(ServerMessage.ended(reason, nil).jsonText) == .ended(reason))
    }
  }

  @Test("another server may write the members in another order, with spaces")
  func other() throws {
    #expect(try scanner("{ \"reason\" : \"no-input\", \"type\" : \"ended\" }") == .ended(.noInput))
    #expect(try scanner("{\"utterance\":3,\"type\":\"clear\"}") == .clear)
    #expect(try scanner("{\"type\":\"news\",\"x\":1}") == .nothing)
  }

  @Test("the agent's words are read only where they are wanted")
  func words() throws {
    let text = """
      {"type":"agent","utterance":1,"turn":0,"text":"Hello","state":"started","heardMs":0,"heardText":""}
      """
    #expect(try scanner(text) == .nothing)
    #expect(try scanner(text, followsWords: true) == .says("Hello"))
  }

  @Test("rubbish", arguments: ["", "{", "hello", "{\"type\":\"ended\",\"reason\":\"bored\"}", "{\"type\":\"ended\"}"])
  func rubbish(text: String) { #expect(throws: WireFault.self) { try scanner(text) } }
}
