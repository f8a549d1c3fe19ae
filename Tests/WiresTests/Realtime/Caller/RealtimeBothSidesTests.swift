import CallCore
import JSON
import Testing
import Wires

@Suite("Both sides of the Realtime protocol, one with the other")
struct RealtimeBothSidesTests {
  /// Our server's side and our client's side, joined in virtual time.
  private struct Line {
    let server: RealtimeBench
    let caller: CallerBench
    private var passedOn = 0

    init() throws {
      server = RealtimeBench()
      caller = CallerBench(begins: false)
      try exchange { $0.begin() }
      try exchange { _ in }
    }

    /// The caller does something; each side gets what the other has sent.
    mutating func exchange(_ act: (CallerBench) -> Void) throws {
      let (told, appended) = (caller.written.count, caller.appended.count)
      act(caller)
      for value in caller.written[told...] { try server.receive(Self.text(value)) }
      for text in caller.appended[appended...] { try server.receive(text) }
      passOn()
    }

    mutating func passOn() {
      for value in server.sent[passedOn...] { caller.receive(Self.text(value)) }
      passedOn = server.sent.count
    }

    private static func text(_ value: JSONValue) -> String {
      var writer = JSONWriter()
      writer.value(value)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
  }

  @Test(
    "they agree on format and turns, the caller is heard, and the agent's answer is played and told without a fault")
  func talk() throws {
    var line = try Line()
    #expect(line.server.invitation?.sampleRate == 24_000)
    for number in 0..<10 {
      try line.exchange { $0.send(7, number: UInt32(number)) }
      line.server.pass(20)
    }
    #expect(line.server.packets.count == 10 && line.server.packets[0] == [UInt8](repeating: 7, count: 960))
    line.server.turn("Hello.")
    line.server.answer("We are open.", packets: 5)
    line.passOn()
    try line.exchange { $0.pass(200) }
    #expect(
      line.caller.events == [
        "0 speech started", "0 speech stopped", "0 caller 1 at 0: Hello.", "0 started 1 0 We are open.",
        "100 finished 1 100 We are open.", "100 finished",
      ])
    #expect(line.caller.codes.isEmpty, "\(line.caller.side.findings)")
    #expect(line.server.faults.isEmpty, "\(line.server.faults)")
  }

  @Test("an interruption: the caller's word on what it has heard reaches the call")
  func interruption() throws {
    var line = try Line()
    _ = line.server.say(20)
    line.server.report(.agentStarted(RealtimeBench.entry("We are open from nine to five.")))
    line.passOn()
    try line.exchange { $0.pass(200) }
    line.server.clear()
    line.server.report(.speechStarted(at: line.server.now))
    line.server.report(.agentInterrupted(RealtimeBench.entry("We are open from nine to five.")))
    let caller = line.caller
    for value in line.server.sent {
      var writer = JSONWriter()
      writer.value(value)
      caller.receive(String(decoding: writer.bytes, as: UTF8.self))
    }
    let truncate = try #require(caller.written.last)
    #expect(truncate.text(at: "type") == "conversation.item.truncate" && truncate["audio_end_ms"] == .integer(200))
    var writer = JSONWriter()
    writer.value(truncate)
    try line.server.receive(String(decoding: writer.bytes, as: UTF8.self))
    #expect(line.server.events.contains("played 1 200"))
    #expect(caller.codes.isEmpty && line.server.faults.isEmpty, "\(caller.side.findings) \(line.server.faults)")
  }
}
