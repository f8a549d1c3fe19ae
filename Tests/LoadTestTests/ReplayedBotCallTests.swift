import CallCore
import CallDriver
import LoadTest
import Simulation
import Testing
import Wires

@Suite("A recorded caller and somebody's bot")
struct ReplayedBotCallTests {
  /// A load's call of a bot, in virtual time.
  final class Bench {
    let call: ReplayedBotCall
    private(set) var now = Timestamp.zero
    private(set) var figures = LoadFigures()
    private(set) var hasHungUp = false
    /// What was sent as audio, message by message; which packet of which turn it was is in it as Base64.
    private(set) var sent: [String] = []

    init(_ side: any PlatformSide, _ turns: [TestTurn]) {
      let caller = ReplayedCaller(recorded: ReplayedCallerTests.recorded(turns))
      call = ReplayedBotCall(caller: caller, side: side, agentPause: .milliseconds(900))
      call.begin { _ in }
    }

    func tell(_ text: String) {
      Array(text.utf8).withUnsafeBytes { call.receive($0, isText: true, at: now) { _ in } }
    }

    func pass(_ milliseconds: Int, isTaken: Bool = true) {
      for _ in 0..<(milliseconds / 20) {
        let hangsUp = call.step(at: now, &figures, { _ in }) { frame in
          sent.append(String(decoding: Array(frame.header), as: UTF8.self))
          return isTaken
        }
        if hangsUp { hasHungUp = true }
        now = now + .milliseconds(20)
      }
    }
  }

  /// One second at 16 kHz, or two thirds of one at 24 kHz, loud enough to be heard: 16,000 times 8,192, low byte first, as Base64.
  static let loud = String(repeating: "ACAAIAAg", count: 16_000 / 3) + "ACA="

  /// What a bot says, before it is heard, in the words of each wire.
  static let words: [(wire: CallWire, side: @Sendable () -> any PlatformSide, messages: [String])] = [
    (
      .rtvi, { RTVIPlatformSide() },
      [
        #"{"label":"rtvi-ai","type":"bot-ready","data":{"version":"2.2.0"}}"#,
        #"{"label":"rtvi-ai","type":"bot-output","data":{"text":"Do you want a seat?","will_be_spoken":true}}"#,
        #"{"label":"rtvi-ai","type":"eval-bot-audio","data":{"audio":"\#(loud)","sampleRate":16000}}"#,
      ]
    ),
    (
      .realtime, { RealtimePlatformSide() },
      [
        #"{"type":"session.created","event_id":"e1","session":{"type":"realtime"}}"#,
        #"{"type":"response.created","event_id":"e2","response":{"id":"r"}}"#,
        #"{"type":"response.output_audio_transcript.delta","event_id":"e3","response_id":"r","item_id":"i","delta":"Do you want a seat?"}"#,
        #"{"type":"response.output_audio.delta","event_id":"e4","response_id":"r","item_id":"i","delta":"\#(loud)"}"#,
      ]
    ),
  ]

  @Test(
    "a caller who waits for a phrase hears it although the bot told its words before it began to sound",
    arguments: [0, 1])
  func phrase(_ index: Int) {
    let (wire, side, messages) = Self.words[index]
    let turn = TestTurn(number: 1, cue: .atPhrase("do you"), action: .say([.words("Hello there.")]))
    let bench = Bench(side(), [turn])
    for message in messages { bench.tell(message) }
    bench.pass(600)
    // The first packet of turn 1 is [1, 0].
    #expect(bench.sent.contains { $0.contains(#""AQA=""#) }, "\(wire)")
    #expect(bench.call.failure == nil)
  }

  @Test("a fatal error of the bot ends the call under its code; one that is not fatal does not")
  func fatal() {
    let bench = Bench(RTVIPlatformSide(), [ReplayedCallerTests.say])
    bench.tell(#"{"label":"rtvi-ai","type":"error","data":{"error":"no model","fatal":false}}"#)
    #expect(bench.call.failure == nil)
    bench.tell(#"{"label":"rtvi-ai","type":"error","data":{"error":"no model","fatal":true}}"#)
    #expect(bench.call.failure == .failed("error bot-error"))
    #expect(bench.call.closed(code: 1000, reason: "", isBegun: true) == .failed("error bot-error"))
  }

  @Test("what a closed connection comes to: refused under its code, broken off, or over")
  func closed() {
    func end(_ code: Int, _ reason: String = "", isBegun: Bool = true, isReady: Bool = true) -> CallEnd {
      let bench = Bench(RTVIPlatformSide(), [ReplayedCallerTests.say])
      if isReady { bench.tell(Self.words[0].messages[0]) }
      return bench.call.closed(code: code, reason: reason, isBegun: isBegun)
    }
    #expect(end(4003, "no token", isReady: false) == .failed("error 4003"))
    #expect(end(1000) == .completed)
    #expect(end(1000, isBegun: false) == .failed("broken off with code 1000"))
    #expect(end(1011) == .failed("broken off with code 1011"))
    #expect(end(1011, "out of memory") == .failed("broken off: out of memory"))
    let bench = Bench(RealtimePlatformSide(), [ReplayedCallerTests.say])
    bench.tell(#"{"type":"error","event_id":"e","error":{"code":"model_not_found","message":"no such model"}}"#)
    #expect(bench.call.closed(code: 4000, reason: "", isBegun: true) == .failed("error model_not_found"))
  }

  @Test("frames that the bot does not take are counted, and a caller who is not spoken to hangs up in the end")
  func figures() {
    let bench = Bench(RTVIPlatformSide(), [])
    bench.tell(Self.words[0].messages[0])
    bench.pass(200, isTaken: false)
    #expect(bench.figures.framesSent == 10 && bench.figures.framesUnsent == 10 && !bench.hasHungUp)
    bench.pass(5_000)
    #expect(bench.hasHungUp)
  }
}
