import JSON
import Formats
import Testing

@Suite("Lines of a load's generator")
struct LoadEventTests {
  static let second =
    #"{"atMs":2000,"active":5,"offered":6,"refused":1,"failed":0,"completed":2,"turns":3,"framesReceived":250,"framesLate":1,"#
    + #""framesSent":249,"framesSentLate":0,"p50Ms":420,"p95Ms":null,"p99Ms":null,"serverBytes":123456789,"serverCores":0.42,"#
    + #""generatorCores":1.0,"isFull":true}"#

  func line(_ text: String) throws(WireFault) -> LoadEvent { try LoadEvent(parsing: Array(text.utf8)) }

  @Test("a second is read as it is written")
  func roundTrip() throws {
    let second = try LoadSecond(JSONValue(parsing: Self.second))
    #expect(second.jsonText == Self.second)
    #expect(second.p50Ms == 420 && second.p95Ms == nil)
    #expect(second.serverMillicores == 420 && second.generatorMillicores == 1000)
    #expect(try line(#"{"type":"second","# + Self.second.dropFirst()) == .second(second))
  }

  @Test("a result keeps everything but its type, and is written in the order of its names")
  func result() throws {
    let read = try line(
      #"{"type":"result","verdict":"passed","calls":{"offered":7,"list":[1,null,true,"x"]},"share":0.5}"#)
    guard case .result(let value) = read else { throw WireFault(.unknownType, "\(read)") }
    var writer = JSONWriter()
    writer.value(value)
    let text = #"{"calls":{"list":[1,null,true,"x"],"offered":7},"share":0.5,"verdict":"passed"}"#
    #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
  }

  @Test("generators that come are read as they are written")
  func gathering() throws {
    let gathering = LoadGathering(wanted: 3, joined: 2, ready: 1)
    #expect(gathering.jsonText == #"{"wanted":3,"joined":2,"ready":1}"#)
    #expect(try line(#"{"type":"generators","wanted":3,"joined":2,"ready":1}"#) == .generators(gathering))
  }

  @Test("a page is its text")
  func page() throws {
    #expect(try line(#"{"type":"page","html":"<p>\n</p>"}"#) == .page("<p>\n</p>"))
  }

  @Test(
    "what is no line says why",
    arguments: [
      ("", "not JSON"), ("7", "expected an object"), ("{}", "line.type: expected a text"),
      (#"{"type":"song"}"#, "there is no \"song\""), (#"{"type":"page"}"#, "line.html"),
      (#"{"type":"generators","wanted":101,"joined":0,"ready":0}"#, "generators.wanted"),
      (#"{"type":"generators","wanted":1,"joined":0}"#, "generators.ready"),
      (#"{"type":"second"}"#, "second.atMs"), (#"{"type":"second","atMs":1,"active":-1}"#, "second.active"),
      (#"{"type":"second","atMs":1,"serverCores":-0.5}"#, "second.serverCores"),
      (#"{"type":"second","atMs":1,"serverCores":"many"}"#, "second.serverCores"),
    ])
  func wrong(text: String, hint: String) {
    do throws(WireFault) {
      let line = try line(text)
      Issue.record("\(line) was read")
    } catch {
      #expect(error.message.contains(hint), "\(error)")
    }
  }
}
