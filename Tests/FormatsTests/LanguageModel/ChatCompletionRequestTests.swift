import Formats
import JSON
import TestSupport
import Testing

@Suite("A client's question to a language model")
struct ChatCompletionRequestTests {
  private static let messages = #""messages":[{"role":"user","content":"Hi"}]"#

  private static func passed(_ body: String) throws -> String {
    String(decoding: try ChatCompletionRequest(parsing: Array(body.utf8)).body(model: "m\"1"), as: UTF8.self)
  }

  @Test("is passed on as it was written, but for what is ours")
  func written() throws {
    let strange = #""b\"}":"]},{\\","n":null,"x" : [ {"a":"}"} , 1.50e+2 ],"\u006dodels":{ "z":1,"a":2 }"#
    #expect(
      try Self.passed("\u{FEFF} {\r\n \(Self.messages), \"\\u006dodel\" : \"gpt\" ,\n\(strange) } ")
        == #"{"model":"m\"1",\#(Self.messages),\#(strange),"stream":false}"#)
    #expect(try Self.passed("{\(Self.messages)}") == #"{"model":"m\"1",\#(Self.messages),"stream":false}"#)
  }

  @Test("that is streamed always asks for the cost; its own options stay")
  func options() throws {
    for (options, passed, wants) in [
      ("", #"{"include_usage":true}"#, false), (#","stream_options":null"#, #"{"include_usage":true}"#, false),
      (#","stream_options":{"include_usage":false}"#, #"{"include_usage":true}"#, false),
      (#","stream_options":{"include_usage":true}"#, #"{"include_usage":true}"#, true),
      (
        #","stream_options":{ "b":[1,2] , "include_usage":true,"a":{} }"#, #"{"include_usage":true,"b":[1,2],"a":{}}"#,
        true
      ),
    ] {
      let request = try ChatCompletionRequest(parsing: Array("{\(Self.messages),\"stream\":true\(options)}".utf8))
      #expect(request.isStreamed && request.wantsUsage == wants, "\(options)")
      #expect(
        String(decoding: request.body(model: "m"), as: UTF8.self)
          == #"{"model":"m",\#(Self.messages),"stream":true,"stream_options":\#(passed)}"#, "\(options)")
    }
  }

  @Test("with options of a stream and no stream leaves what to say of them to the model's server")
  func optionsAlone() throws {
    let body = #"{\#(Self.messages),"stream_options":{"include_usage":true}}"#
    #expect(
      try Self.passed(body)
        == #"{"model":"m\"1",\#(Self.messages),"stream_options":{"include_usage":true},"stream":false}"#)
  }

  @Test("means the same behind it, whatever stands in it", arguments: 0..<200)
  func same(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("messages", .array([.object(["content": Self.value(3, &random)])]))
      for number in 0..<Int.random(in: 0...5, using: &random) {
        writer.field("\(number)\(Self.text(&random))", Self.value(3, &random))
      }
      writer.field("stream", true)
    }
    let before = try JSONValue(parsing: writer.bytes)
    let after = try JSONValue(parsing: ChatCompletionRequest(parsing: writer.bytes).body(model: "m"))
    guard case .object(var members) = after, case .object(let own) = before else {
      Issue.record("it is no object")
      return
    }
    #expect(members.removeValue(forKey: "model") == .string("m"))
    #expect(members.removeValue(forKey: "stream_options") == .object(["include_usage": .bool(true)]))
    #expect(members == own)
  }

  private static func text(_ random: inout SeededGenerator) -> String {
    let letters = ["\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "é", "a", " ", "\u{1F600}"]
    return (0..<Int.random(in: 0...6, using: &random)).map { _ in letters.randomElement(using: &random) ?? "" }.joined()
  }

  private static func value(_ depth: Int, _ random: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &random) {
    case 0: return .null
    case 1: return .bool(true)
    case 2: return .integer(Int64.random(in: -1000...1000, using: &random))
    case 3, 4: return .string(text(&random))
    case 5: return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth - 1, &random) })
    default:
      var members: [String: JSONValue] = [:]
      for _ in 0..<Int.random(in: 0...3, using: &random) { members[text(&random)] = value(depth - 1, &random) }
      return .object(members)
    }
  }
}
