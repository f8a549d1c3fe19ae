import CallCore
import Glibc
import Testing
import Wires

@Suite("Caller's side of Pipecat's eval door")
struct RTVIPlatformSideTests {
  /// Audible samples: a square wave.
  private static func sound(_ milliseconds: Int, rate: Int = 16_000) -> [Int16] {
    (0..<(rate * milliseconds / 1000)).map { $0 / 20 % 2 == 0 ? 8000 : -8000 }
  }

  private static func tone(hertz: Double, sampleRate: Int, samples: Int) -> [Int16] {
    (0..<samples).map { Int16((8000 * sin(2 * .pi * hertz * Double($0) / Double(sampleRate))).rounded()) }
  }

  private static func output(_ text: String, id: Int? = nil, status: String = "completed") -> String {
    #"{"text":"\#(text)","will_be_spoken":true,"output_type":"sentence","segment_id":\#(id.map { "\($0)" } ?? "null"),"spoken_status":"\#(status)"}"#
  }

  // MARK: - To the bot

  @Test("what is sent is what Pipecat's own harness sends, member by member")
  func sent() throws {
    let bench = RTVIBench()
    bench.begin()
    bench.send([1, 2, 3], number: 0)
    bench.press(try #require(Key("#")))
    bench.type("Two \"words\"")
    bench.end()
    #expect(
      bench.written == [
        #"{"label":"rtvi-ai","type":"client-message","id":"eval-connect","data":{"t":"eval-connect","d":{"skip_tts":false,"capture_bot_audio":true,"capture_bot_images":false}}}"#,
        #"{"label":"rtvi-ai","type":"client-message","id":"eval-configure","data":{"t":"eval-configure","d":{"function_call_report_level":{"*":"full"},"vad_user_speaking":true}}}"#,
        #"{"label":"rtvi-ai","type":"client-ready","id":"client-ready","data":{"version":"2.2.0","about":{"library":"voiceforge"}}}"#,
        #"{"label":"rtvi-ai","type":"raw-audio","id":"audio","data":{"base64Audio":"AQID","sampleRate":16000,"numChannels":1}}"#,
        ##"{"label":"rtvi-ai","type":"dtmf","id":"key","data":{"buttons":["#"]}}"##,
        #"{"label":"rtvi-ai","type":"send-text","id":"text","data":{"content":"Two \"words\"","options":{"run_immediately":true,"audio_response":true}}}"#,
        #"{"label":"rtvi-ai","type":"client-message","id":"eval-cancel","data":{"t":"eval-cancel","d":{}}}"#,
      ])
    #expect(bench.side.format == AudioFormat(codec: .pcm16, sampleRate: 16_000))
  }

  @Test(
    "a bot of before RTVI 2.1 gets one key in the old member", arguments: [("2.0.0", "button"), ("2.1.0", "buttons")])
  func keys(version: String, member: String) throws {
    let bench = RTVIBench()
    bench.tell("bot-ready", #"{"version":"\#(version)"}"#)
    bench.press(try #require(Key("7")))
    let value = member == "button" ? #""7""# : #"["7"]"#
    #expect(bench.written == [#"{"label":"rtvi-ai","type":"dtmf","id":"key","data":{"\#(member)":\#(value)}}"#])
    #expect(bench.findings.isEmpty, "\(bench.side.findings)")
  }

  @Test("what the network lost is silence; what comes too late is lost; a bot that does not read is a finding")
  func gaps() {
    let bench = RTVIBench.ready()
    let packet = [UInt8](repeating: 7, count: 640)
    for number: UInt32 in [0, 3, 2] { bench.send(packet, number: number) }
    let silence = base64([UInt8](repeating: 0, count: 640))
    #expect(bench.written.map { $0.contains(silence) } == [false, true, true, false])
    #expect(bench.findings.isEmpty, "\(bench.side.findings)")
    bench.send(packet, number: 4, isTaken: false)
    #expect(bench.findings == ["slow-reader"])
  }

  // MARK: - What the bot says

  @Test("an utterance is told when its first sound is played and when its last was; words may come behind their sound")
  func utterance() {
    let bench = RTVIBench.ready()
    bench.tell("bot-started-speaking")
    for _ in 0..<5 { bench.receive(Self.sound(40), rate: 16_000) }
    bench.pass(100)
    bench.tell("bot-output", Self.output("Good morning."))
    bench.tell("bot-output", Self.output("Which day?"))
    bench.tell("bot-stopped-speaking")
    #expect(bench.events == ["started 1/0 0 ms: ", "says Good morning.", "says Good morning. Which day?"])
    bench.clear()
    bench.pass(140)
    #expect(bench.events == ["finished 1/0 200 ms: Good morning. Which day?", "done"])
    #expect(bench.track.prefix(3200) == Self.sound(40).repeated(5)[...])
    #expect(bench.track.dropFirst(3200).allSatisfy { $0 == 0 })
    #expect(bench.findings.isEmpty, "\(bench.side.findings)")
  }

  @Test("words that come before the sound, and again as they are spoken, stand once")
  func wordsAhead() {
    let bench = RTVIBench.ready()
    bench.tell("bot-started-speaking")
    bench.tell("bot-output", Self.output("Good morning.", id: 7, status: "new"))
    bench.tell("bot-output", #"{"text":"{\"code\":1}","will_be_spoken":false,"output_type":"code","segment_id":8}"#)
    bench.receive(Self.sound(40), rate: 16_000)
    bench.pass(20)
    bench.tell("bot-output", Self.output("Good morning.", id: 7, status: "in-progress"))
    bench.tell("bot-output", Self.output("Good morning.", id: 7))
    bench.tell("bot-stopped-speaking")
    bench.pass(60)
    #expect(
      bench.events == [
        "started 1/0 0 ms: Good morning.", "says Good morning.", "says Good morning.",
        "finished 1/0 40 ms: Good morning.", "done",
      ])
  }

  @Test("words that come when all was played are told once more")
  func lateWords() {
    let bench = RTVIBench.ready()
    bench.receive(Self.sound(40), rate: 16_000)
    bench.tell("bot-stopped-speaking")
    bench.pass(60)
    bench.tell("bot-output", Self.output("Hello."))
    #expect(bench.events == ["started 1/0 0 ms: ", "finished 1/0 40 ms: ", "done", "finished 1/0 40 ms: Hello."])
    bench.clear()
    bench.tell("bot-output", Self.output("And more."))
    bench.receive(Self.sound(40), rate: 16_000)
    bench.pass(20)
    #expect(bench.events == ["started 2/0 0 ms: And more."])
  }

  @Test("of a bot that tells no output, the words are those of its language model")
  func modelWords() {
    let bench = RTVIBench.ready()
    bench.tell("bot-llm-started")
    for word in ["Which", " day", "?"] { bench.tell("bot-llm-text", #"{"text":"\#(word)"}"#) }
    bench.receive(Self.sound(40), rate: 16_000)
    bench.tell("bot-stopped-speaking")
    bench.pass(60)
    // It is not done while the model goes on.
    #expect(bench.events == ["started 1/0 0 ms: ", "finished 1/0 40 ms: Which day?"])
    bench.clear()
    bench.receive(Self.sound(40), rate: 16_000)
    bench.tell("bot-llm-stopped")
    bench.tell("bot-stopped-speaking")
    bench.pass(60)
    #expect(bench.events == ["started 2/0 0 ms: ", "finished 2/0 40 ms: ", "done"])
  }

  @Test("of words without end as many are kept as stated, in characters, whoever tells them")
  func endlessWords() {
    let bench = RTVIBench.ready()
    let long = String(repeating: "ä", count: 30_000)
    for id in 0..<4 { bench.tell("bot-output", Self.output(long, id: id)) }
    bench.receive(Self.sound(40), rate: 16_000)
    bench.pass(20)
    let last = String(repeating: "ä", count: 65_536 - 2 * 30_001 - 1)
    #expect(bench.events == ["started 1/0 0 ms: \(long) \(long) \(last)"])
    bench.clear()
    // What is told again in fewer words leaves room for others.
    bench.tell("bot-output", Self.output("Yes.", id: 0))
    bench.tell("bot-output", Self.output("No.", id: 9))
    #expect(bench.events.last == "says Yes. \(long) \(last) No.")
    let other = RTVIBench.ready()
    other.tell("bot-llm-started")
    for _ in 0..<20_000 { other.tell("bot-llm-text", #"{"text":"äöü "}"#) }
    other.receive(Self.sound(40), rate: 16_000)
    other.tell("bot-stopped-speaking")
    other.pass(60)
    #expect(
      other.events.last == "finished 1/0 40 ms: " + String(repeating: "äöü ", count: 65_536 / 4).dropLast())
  }

  @Test("each text of before RTVI 2 counts once")
  func oldOutput() {
    let bench = RTVIBench.ready()
    bench.receive(Self.sound(40), rate: 16_000)
    bench.tell("bot-output", #"{"text":"Good morning.","spoken":false,"aggregated_by":"sentence"}"#)
    for word in ["Good", "morning."] {
      bench.tell("bot-output", #"{"text":"\#(word)","spoken":true,"aggregated_by":"word"}"#)
    }
    bench.tell("bot-output", #"{"text":"Good morning.","spoken":true,"aggregated_by":"sentence"}"#)
    bench.tell("bot-stopped-speaking")
    bench.pass(60)
    #expect(bench.events.last { $0.hasPrefix("finished") } == "finished 1/0 40 ms: Good morning.")
  }

  @Test("an interruption drops what was not played, and what is under way then belongs to it")
  func interruption() {
    let bench = RTVIBench.ready()
    bench.tell("bot-started-speaking")
    bench.receive(Self.sound(1000), rate: 16_000)
    bench.tell("bot-output", Self.output("A long sentence."))
    bench.pass(300)
    bench.tell("bot-interrupted")
    #expect(bench.queuedBytes == 0)
    bench.receive(Self.sound(40), rate: 16_000)
    bench.pass(400)
    bench.tell("bot-stopped-speaking")
    #expect(
      bench.events == ["started 1/0 0 ms: A long sentence.", "interrupted 1/0 300 ms: A long sentence.", "cleared"])
    bench.clear()
    bench.tell("bot-started-speaking")
    bench.tell("bot-output", Self.output("Yes?"))
    bench.receive(Self.sound(40), rate: 16_000)
    bench.tell("bot-stopped-speaking")
    bench.pass(60)
    #expect(bench.events == ["started 2/0 0 ms: Yes?", "finished 2/0 40 ms: Yes?", "done"])
    #expect(bench.track[(15 * 320)..<(17 * 320)] == Self.sound(40)[...])
    #expect(bench.track[(17 * 320)..<(35 * 320)].allSatisfy { $0 == 0 })
  }

  @Test("words of what was broken off, told behind it, do not make it whole")
  func wordsOfInterrupted() {
    let bench = RTVIBench.ready()
    bench.receive(Self.sound(1000), rate: 16_000)
    bench.tell("bot-output", Self.output("A long", id: 1))
    bench.pass(300)
    bench.tell("bot-interrupted")
    bench.clear()
    bench.tell("bot-output", Self.output("A long sentence.", id: 1))
    #expect(bench.events == ["interrupted 1/0 300 ms: A long sentence."])
  }

  @Test("a bot that says it was interrupted when it was silent was not")
  func interruptedInSilence() {
    let bench = RTVIBench.ready()
    bench.tell("bot-interrupted")
    bench.receive(Self.sound(40), rate: 16_000)
    bench.receive(Self.sound(400), rate: 16_000)
    bench.pass(700)
    #expect(bench.events == [])
    // It goes on for longer than what was under way: it speaks.
    bench.receive(Self.sound(40), rate: 16_000)
    bench.pass(300)
    bench.tell("bot-interrupted")
    #expect(bench.events == ["started 1/0 0 ms: ", "finished 1/0 40 ms: "])
  }

  @Test("silence begins no utterance, and one that nobody ends is over after a second of it")
  func silence() {
    let bench = RTVIBench.ready()
    bench.receive([Int16](repeating: 3, count: 32_000), rate: 16_000)
    bench.pass(2100)
    #expect(bench.events == [])
    bench.receive(Self.sound(100), rate: 16_000)
    bench.pass(600)
    bench.receive(Self.sound(100), rate: 16_000)
    bench.pass(1400)
    #expect(bench.events == ["started 1/0 0 ms: ", "finished 1/0 200 ms: "])
  }

  @Test("what is being said when the call ends was broken off, unless the bot closed: that is played to its end")
  func finish() {
    let bench = RTVIBench.ready()
    bench.receive(Self.sound(100), rate: 16_000)
    bench.pass(60)
    bench.finish()
    #expect(bench.events.last == "interrupted 1/0 60 ms: ")
    let other = RTVIBench.ready()
    other.receive(Self.sound(100), rate: 16_000)
    other.pass(40)
    #expect(other.side.closed(code: 1000, reason: "") == .over(.completed))
    other.pass(60)
    other.finish()
    #expect(other.events.last == "finished 1/0 100 ms: ")
    // The case may end before all of it was.
    let third = RTVIBench.ready()
    third.receive(Self.sound(100), rate: 16_000)
    third.pass(40)
    _ = third.side.closed(code: 1000, reason: "")
    third.finish()
    #expect(third.events.last == "interrupted 1/0 40 ms: ")
  }

  // MARK: - What the bot tells of the caller

  @Test("each time that the caller speaks is a turn; the words of one that is heard in two pieces are both kept")
  func caller() {
    let bench = RTVIBench.ready()
    bench.pass(100)
    bench.tell("vad-user-started-speaking")
    bench.tell("user-started-speaking")
    bench.pass(500)
    bench.tell("vad-user-stopped-speaking")
    bench.tell("user-input", #"{"text":"I would","input_type":"transcription","timestamp":"x","final":false}"#)
    bench.tell("user-input", #"{"text":"I would like","input_type":"transcription","timestamp":"x","final":true}"#)
    bench.tell("user-transcription", #"{"text":"I would like","user_id":"","timestamp":"x","final":true}"#)
    bench.tell("user-input", #"{"text":"to come.","input_type":"transcription","timestamp":"x","final":true}"#)
    bench.tell("user-input", #"{"text":"typed","input_type":"chat","timestamp":"x","final":true}"#)
    bench.tell("user-stopped-speaking")
    bench.receive(Self.sound(40), rate: 16_000)
    bench.pass(20)
    #expect(
      bench.events == [
        "caller speaks at 100", "caller stops at 600", "caller 1 at 100: I would like", "caller 2 at 100: to come.",
        "started 1/2 0 ms: ",
      ])
  }

  @Test("of an older bot the old names are taken")
  func oldCaller() {
    let bench = RTVIBench.ready()
    bench.tell("user-started-speaking")
    bench.tell("user-stopped-speaking")
    bench.tell("user-transcription", #"{"text":"Hello.","user_id":"","timestamp":"x","final":true}"#)
    #expect(bench.events == ["caller speaks at 0", "caller stops at 0", "caller 1 at 0: Hello."])
  }

  @Test("tools are told with their arguments; while one runs the bot is not done")
  func tools() {
    let bench = RTVIBench.ready()
    bench.tell("llm-function-call-started", #"{"function_name":"book"}"#)
    bench.tell(
      "llm-function-call-in-progress",
      #"{"tool_call_id":"c1","function_name":"book","arguments":{"day":"Friday","guests":2,"x":[null,true,1.5]}}"#)
    bench.receive(Self.sound(40), rate: 16_000)
    bench.tell("bot-stopped-speaking")
    bench.pass(60)
    bench.tell(
      "llm-function-call-stopped", #"{"tool_call_id":"c1","cancelled":false,"function_name":"book","result":1}"#)
    bench.tell("llm-function-call", #"{"function_name":"old","tool_call_id":"c2","args":{}}"#)
    bench.tell("llm-function-call-in-progress", #"{"tool_call_id":"c3","function_name":"bare"}"#)
    #expect(
      bench.events == [
        #"tool book {"day":"Friday","guests":2,"x":[null,true,1.5]}"#, "started 1/0 0 ms: ", "finished 1/0 40 ms: ",
        "tool old {}", "tool bare ",
      ])
    #expect(bench.findings.isEmpty, "\(bench.side.findings)")
  }

  // MARK: - Rates

  @Test(
    "audio of any usual rate and in pieces of any length sounds as it did, where it did",
    arguments: [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000])
  func rates(rate: Int) {
    let bench = RTVIBench.ready()
    let tone = Self.tone(hertz: 440, sampleRate: rate, samples: rate)
    var start = 0
    for length in [1, 7, 441, 320, 1601].repeated(100) where start < tone.count {
      bench.receive(Array(tone[start..<min(start + length, tone.count)]), rate: rate)
      start += length
    }
    bench.pass(1100)
    let wanted = Self.tone(hertz: 440, sampleRate: 16_000, samples: 16_000)
    // The edges are those of a tone that begins and ends at once.
    let (signal, error) = (200..<15_800).reduce((0.0, 0.0)) { sums, index in
      let (one, other) = (Double(wanted[index]), Double(bench.track[index]))
      return (sums.0 + one * one, sums.1 + (one - other) * (one - other))
    }
    #expect(signal > error * 10_000, "over 40 dB at the same place")
    #expect(bench.findings.isEmpty, "\(bench.side.findings)")
  }

  @Test("what 16 kHz cannot carry is left out and does not fold back", arguments: [24_000, 44_100, 48_000])
  func folding(rate: Int) {
    let bench = RTVIBench.ready()
    bench.receive(Self.tone(hertz: 10_000, sampleRate: rate, samples: rate / 2), rate: rate)
    bench.pass(600)
    #expect(bench.track[400..<7600].allSatisfy { $0.magnitude < 32 })
  }
}

extension Array {
  fileprivate func repeated(_ times: Int) -> [Element] { (0..<times).flatMap { _ in self } }
}
