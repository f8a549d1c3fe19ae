import CallCore
import Testing
import Wires

@Suite("Caller's side of Pipecat's eval door: what bots do wrong")
struct RTVIFaultTests {
  private static let good = [Int16](repeating: 8000, count: 640)

  static let bad: [(finding: String, says: String, frame: String)] = [
    ("bad-message", "message: ", "not JSON"),
    ("bad-message", "message: ", ""),
    ("bad-message", "expected an object", "[1]"),
    ("bad-message", "type: expected", #"{"label":"rtvi-ai"}"#),
    ("bad-message", "type: expected", #"{"label":"rtvi-ai","type":7}"#),
    ("bad-message", "type: expected", #"{"label":"rtvi-ai","type":""}"#),
    ("bad-message", "label: expected", #"{"type":"bot-started-speaking"}"#),
    (
      "bad-message", "label: expected",
      #"{"label":"other","type":"eval-bot-audio","data":{"audio":"AAA=","sampleRate":16000}}"#
    ),
    ("bad-message", "metrics: expected an object", #"{"label":"rtvi-ai","type":"metrics","data":[]}"#),
    ("bad-message", "levels", String(repeating: #"{"a":"#, count: 40) + "1" + String(repeating: "}", count: 40)),
    ("bad-message", "bot-output.text", #"{"label":"rtvi-ai","type":"bot-output","data":{"will_be_spoken":true}}"#),
    ("bad-message", "user-input.text", #"{"label":"rtvi-ai","type":"user-input","data":{"text":5,"final":true}}"#),
    ("bad-message", "bot-llm-text.text", #"{"label":"rtvi-ai","type":"bot-llm-text","data":{}}"#),
    (
      "bad-message", "eval-bot-audio.audio", #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"sampleRate":16000}}"#
    ),
    (
      "bad-message", "eval-bot-audio.sampleRate",
      #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"audio":"\/\/\/\/","sampleRate":"8"}}"#
    ),
    ("bad-audio", "as Base64", #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"audio":"?","sampleRate":16000}}"#),
    (
      "bad-audio", "as Base64",
      #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"audio":"AAA","sampleRate":16000}}"#
    ),
    (
      "bad-audio", "whole samples",
      #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"audio":"AAAA","sampleRate":16000}}"#
    ),
    ("bad-audio", "got none", #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"audio":"AAAA"}}"#),
    ("bad-audio", "got 0", #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"audio":"AAAA","sampleRate":0}}"#),
    (
      "bad-audio", "got 7999", #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"audio":"AAAA","sampleRate":7999}}"#
    ),
    (
      "bad-audio", "got 8001", #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"audio":"AAAA","sampleRate":8001}}"#
    ),
    (
      "bad-audio", "got 96000",
      #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"audio":"AAAA","sampleRate":96000}}"#
    ),
    ("protocol-version", "got nothing", #"{"label":"rtvi-ai","type":"bot-ready","data":{}}"#),
    ("protocol-version", "RTVI \"1.0.0\"", #"{"label":"rtvi-ai","type":"bot-ready","data":{"version":"1.0.0"}}"#),
    ("protocol-version", "RTVI \"two\"", #"{"label":"rtvi-ai","type":"bot-ready","data":{"version":"two"}}"#),
    (
      "tool-without-name", "report_level",
      #"{"label":"rtvi-ai","type":"llm-function-call-in-progress","data":{"tool_call_id":"1"}}"#
    ),
    ("error", "no voice", #"{"label":"rtvi-ai","type":"error","data":{"error":"no voice","fatal":false}}"#),
    ("error", "nothing said", #"{"label":"rtvi-ai","type":"error"}"#),
    (
      "error-response", "Unsupported type",
      #"{"label":"rtvi-ai","type":"error-response","id":"1","data":{"error":"Unsupported type"}}"#
    ),
  ]

  @Test("each is found by name, and the call goes on", arguments: bad)
  func found(finding: String, says: String, frame: String) {
    let bench = RTVIBench.ready()
    bench.receive(frame)
    #expect(bench.findings == [finding], "\(bench.side.findings)")
    #expect(bench.side.findings.first?.text.contains(says) == true, "\(bench.side.findings)")
    bench.clear()
    bench.receive(Self.good, rate: 16_000)
    bench.pass(40)
    #expect(bench.events.contains { $0.hasPrefix("started 1/") } && bench.findings == [finding])
  }

  @Test("a binary message and one that is too long are left out")
  func frames() {
    let bench = RTVIBench.ready()
    bench.receive([1, 2, 3], isText: false)
    bench.receive([UInt8](repeating: UInt8(ascii: "{"), count: RTVIPlatformSide.messageBytesMax + 1))
    #expect(bench.findings == ["binary-message", "long-message"])
    let offset = bench.side.findings[1].offset ?? 0
    #expect(offset > 3 && offset < 200)
  }

  @Test("an error that ends the bot's pipeline is told to the judge")
  func fatal() {
    let bench = RTVIBench.ready()
    bench.tell("error", #"{"error":"no model","fatal":true}"#)
    #expect(bench.events == ["fatal bot-error: no model"] && bench.findings == ["error"])
  }

  @Test("messages of kinds that are not known are passed over, 1000 of them without a word")
  func unknown() {
    let bench = RTVIBench.ready()
    for index in 0..<1000 { bench.tell("kind-\(index)", #"{"a":1}"#) }
    #expect(bench.findings.isEmpty)
    bench.tell("one-more")
    #expect(bench.findings == ["unknown-messages"])
    #expect(bench.events.isEmpty && bench.queuedBytes == 0)
  }

  @Test("a bot that is not ready in 10 s, or closes before, is told what to look for")
  func notReady() {
    let bench = RTVIBench()
    bench.begin()
    bench.pass(10_000)
    #expect(bench.findings.isEmpty)
    bench.pass(60)
    #expect(bench.findings == ["bot-not-ready"])
    for code in [1000, 1005, 1006] {
      let other = RTVIBench()
      #expect(other.side.closed(code: code, reason: "") == .brokenOff, "however politely it closes")
      #expect(other.side.findings.first?.text.contains("list \"eval\" among its transports") == true)
    }
  }

  @Test(
    "how a bot closes decides what became of the call",
    arguments: [
      (1000, PlatformEnd.over(.completed), [String]()), (1001, .over(.completed), []), (1005, .over(.completed), []),
      (1006, .brokenOff, ["closed"]), (1011, .brokenOff, ["closed"]),
    ])
  func closing(code: Int, end: PlatformEnd, findings: [String]) {
    let bench = RTVIBench.ready()
    #expect(bench.side.closed(code: code, reason: "why") == end)
    #expect(bench.findings == findings)
  }

  @Test("a runner that wants a token refuses the call")
  func refused() {
    let bench = RTVIBench()
    guard case .refused(let code, let message) = bench.side.closed(code: 4003, reason: "bad token") else {
      return #expect(Bool(false), "must be refused")
    }
    #expect(code == "4003" && message.contains("bad token") && message.contains("origin"))
  }

  @Test("a flood of each kind leaves nothing unbounded")
  func flood() {
    let bench = RTVIBench.ready()
    for index in 0..<3000 {
      bench.receive(Self.good, rate: 16_000)
      bench.tell("bot-stopped-speaking")
      bench.tell("bot-output", #"{"text":"word","will_be_spoken":true,"segment_id":\#(index)}"#)
      bench.tell(
        "llm-function-call-in-progress", #"{"tool_call_id":"\#(index)","function_name":"a","arguments":{}}"#)
    }
    #expect(bench.events.count { $0.hasPrefix("tool") } == 256)
    #expect(bench.findings.contains("too-many-tools"))
    #expect(bench.queuedBytes <= 3000 * 1280)
    bench.clear()
    bench.pass(200)
    #expect(bench.events.first == "started 1/0 0 ms: word")
    for _ in 0..<600 { bench.receive([Int16](repeating: 8000, count: 48_000), rate: 48_000) }
    #expect(bench.findings.contains("queue-full"))
    #expect(bench.queuedBytes <= 600 * 32_000)
  }
}
