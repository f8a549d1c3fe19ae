import CallCore
import JSON
import Testing
import Wires

@Suite("Audio of the JSON wire, both ways")
struct LegacyAudioTests {
  @Test("a piece was said before it came: it is heard at once, and the next one behind it")
  func livePieces() throws {
    let bench = try LegacyBench.begun()
    bench.pass(1000)
    for _ in 0..<4 {
      try bench.append(milliseconds: 256)
      bench.pass(260)
    }
    // 1,024 ms are 51 packets and a rest that waits for what follows.
    #expect(bench.packets.count == 51)
    #expect(bench.packets.allSatisfy { $0.count == 640 })
    #expect(bench.heardAt.prefix(12) == .init(repeating: 1020, count: 12)[...])
    #expect(bench.stamps == (0..<51).map { bench.stamps[0] + $0 * 20 }, "the clock of the samples has no gap")
  }

  @Test("a file that is sent at once is heard at the pace of sound, but for a head start")
  func wholeFile() throws {
    let bench = try LegacyBench.begun()
    try bench.append(milliseconds: 3000)
    bench.pass(20)
    #expect(bench.packets.count == 14)
    bench.pass(1000)
    #expect(bench.packets.count == 64)
    bench.pass(2000)
    #expect(bench.packets.count == 150)
  }

  @Test("what the network held up is caught up on; a pause is told by the clock of the samples")
  func gaps() throws {
    let bench = try LegacyBench.begun()
    try bench.append(milliseconds: 200)
    bench.pass(2200)
    for _ in 0..<10 { try bench.append(milliseconds: 200) }
    bench.pass(80)
    #expect(bench.packets.count == 110)
    #expect(bench.stamps[10] - bench.stamps[9] == 20)
    bench.pass(3000)
    try bench.append(milliseconds: 200)
    bench.pass(20)
    #expect(bench.packets.count == 120)
    #expect((2700...3200).contains(bench.stamps[110] - bench.stamps[109]), "\(bench.stamps[110] - bench.stamps[109])")
  }

  @Test("Base64 with escapes and an id of any letters are read, too")
  func escaped() throws {
    let bench = try LegacyBench.begun()
    let kind = try bench.receive(
      #"{"type":"audio_chunk","eventId":"\u00e9","chunk":"\#(String(repeating: #"\/\/\/\/"#, count: 214))"}"#)
    #expect(kind == .message && bench.sent.isEmpty)
    bench.pass(20)
    #expect(bench.packets == [[UInt8](repeating: 255, count: 640)])
    bench.words("hello", isFinal: false)
    #expect(try bench.last("stt_partial").text(at: "eventId") == "é")
  }

  @Test("the agent's packets go out behind its words, five in a file of its own, numbered from 0, the last one done")
  func chunks() throws {
    let bench = try LegacyBench.begun()
    #expect(bench.say(9))
    #expect(bench.sent.isEmpty)
    bench.report(.agentStarted(LegacyBench.agentEntry("Hello.")))
    #expect(bench.types == ["agent_reply", "tts_chunk"])
    bench.say(12, end: .utterance)
    #expect(bench.types == ["agent_reply", "tts_chunk", "tts_chunk", "tts_chunk", "tts_chunk"])
    let chunks = bench.sent.dropFirst()
    #expect(chunks.map { $0["sequence"] } == (0..<4).map { .integer(Int64($0)) })
    #expect(chunks.map { $0["done"] } == [.bool(false), .bool(false), .bool(false), .bool(true)])
    #expect(try chunks.map { try LegacyBench.samples($0).count / 640 } == [9, 5, 5, 2])
    #expect(chunks.allSatisfy { $0.text(at: "eventId") == "i" })
    let samples = try chunks.flatMap { try LegacyBench.samples($0) }
    #expect(samples[640] == 1 && samples[640 * 9] == 0 && samples[640 * 20] == 11)
    // The next one counts from 0 again.
    bench.report(.agentFinished(LegacyBench.agentEntry("Hello.", heard: 420)))
    bench.clear()
    bench.say(3, utterance: 2, end: .utterance)
    bench.report(.agentStarted(LegacyBench.agentEntry("Yes.", utterance: 2)))
    #expect(bench.types == ["agent_reply", "tts_chunk"])
    #expect(try bench.last("tts_chunk")["sequence"] == .integer(0))
    #expect(try bench.last("tts_chunk")["done"] == .bool(true))
  }

  @Test("the end of a sentence is not held back")
  func sentences() throws {
    let bench = try LegacyBench.begun()
    bench.say(9)
    bench.report(.agentStarted(LegacyBench.agentEntry("Hello. And you?")))
    bench.say(2, end: .sentence)
    #expect(bench.types == ["agent_reply", "tts_chunk", "tts_chunk"])
    #expect(try bench.last("tts_chunk")["done"] == .bool(false))
  }

  @Test("a packet whose message the connection does not take is offered again")
  func fullConnection() throws {
    let bench = try LegacyBench.begun()
    bench.say(9)
    bench.report(.agentStarted(LegacyBench.agentEntry("Hello.")))
    bench.clear()
    #expect(bench.say(4))
    bench.isFull = true
    #expect(!bench.say(1) && !bench.say(1))
    bench.isFull = false
    #expect(bench.say(1))
    #expect(bench.types == ["tts_chunk"])
    #expect(try LegacyBench.samples(bench.last("tts_chunk")).count == 5 * 640)
  }

  @Test("words that are told before any packet make no difference, and a silent session is sent none")
  func wordsFirst() throws {
    let bench = try LegacyBench.begun()
    bench.report(.agentStarted(LegacyBench.agentEntry("Hello.")))
    bench.say(5)
    #expect(bench.types == ["agent_reply", "tts_chunk"])
    #expect(try bench.last("tts_chunk").text(at: "eventId") == "i")
    let silent = try LegacyBench.begun(#""ttsEnabled":false,"agentEnabled":true"#)
    silent.report(.agentStarted(LegacyBench.agentEntry("Hello.")))
    #expect(silent.say(5) && silent.types == ["agent_reply"])
  }

  @Test("an utterance that broke off before its words were told leaves nothing behind")
  func brokenOff() throws {
    let bench = try LegacyBench.begun()
    bench.say(4)
    bench.say(5, utterance: 2)
    bench.report(.agentStarted(LegacyBench.agentEntry("Yes.", utterance: 2)))
    #expect(try LegacyBench.samples(bench.last("tts_chunk")).count == 5 * 640)
  }
}
