import CallCore
import CallDriver
import Testing

@Suite("The caller's audio")
struct CallerAudioTests {
  static let loud = SessionHarness.loud

  @Test(
    "a turn's words are asked of its sound and as much silence around it, wherever the detector's windows fall",
    arguments: 40..<48)
  func turn(start: Int) throws {
    let harness = try SessionHarness()
    harness.hear(0, packets: start)
    harness.hear(Self.loud, packets: 30)
    harness.hear(0, packets: 30)
    let turn = try #require(harness.turns.first)
    #expect(turn.purpose == .speculative)
    #expect(turn.samples.filter { $0 == Self.loud }.count == 30 * 320)
    #expect(turn.samples.prefix { $0 == 0 }.count == 250 * 16)
    #expect(turn.samples.reversed().prefix { $0 == 0 }.count == 120 * 16)
  }

  @Test(
    "the words and the completeness of a pause are asked of one copy of the turn's sound, and those of the next pause of another"
  )
  func oneCopy() throws {
    let harness = try SessionHarness { $0.limits.endOfTurn = .meaning }
    harness.hear(0, packets: 40)
    for _ in 0..<2 {
      harness.hear(Self.loud, packets: 30)
      harness.hear(0, packets: 16)
    }
    #expect(harness.turns.map(\.samples) == harness.judged && harness.judged.count == 2)
    #expect(harness.judged[0].count < harness.judged[1].count)
    func place(_ samples: [Int16]) -> UnsafePointer<Int16>? { samples.withUnsafeBufferPointer(\.baseAddress) }
    for (asked, judged) in zip(harness.turns, harness.judged) { #expect(place(asked.samples) == place(judged)) }
  }

  @Test("the words of every turn are asked for in the call's language", arguments: [nil, "de-AT"])
  func language(language: String?) throws {
    let harness = try SessionHarness { if let language { $0.language = language } }
    harness.hear(0, packets: 40)
    harness.hear(Self.loud, packets: 30)
    harness.hear(0, packets: 60)
    #expect(!harness.languages.isEmpty && Set(harness.languages) == [language ?? "en"])
  }

  @Test("a turn in noise is asked for as it is")
  func turnInNoise() throws {
    let harness = try SessionHarness()
    harness.hear(20, packets: 40)
    harness.hear(Self.loud, packets: 30)
    harness.hear(20, packets: 30)
    let turn = try #require(harness.turns.first)
    // 320 ms of pre-roll, and up to a window of 32 ms that is only partly loud.
    #expect((5120...5632).contains(turn.samples.prefix { $0 == 20 }.count))
    #expect(turn.samples.last == 20)
  }

  /// Says a word of one value with nothing before and behind it, and answers every question for words.
  private func press(_ value: Int16, packets: Int, _ harness: SessionHarness) {
    harness.hear(value, packets: packets)
    harness.pass(.milliseconds(1100))
  }

  @Test("push to talk: each sound belongs to one turn, and none is heard again", arguments: [6, 15, 40])
  func pushToTalk(packets: Int) throws {
    let harness = try SessionHarness(saying: ["", "", ""])
    for value in [Int16(8000), 7000, 6000] {
      press(value, packets: packets, harness)
      for turn in harness.turns.suffix(1) {
        harness.session.deliver(.words(turn.request, .success("yes")), at: harness.now)
      }
      harness.pass(.seconds(3))
    }
    let heard = harness.turns.map { Set($0.samples).subtracting([0]) }
    #expect(heard == [[8000], [7000], [6000]])
    #expect(harness.turns.map { $0.samples.filter { $0 != 0 }.count } == [packets * 320, packets * 320, packets * 320])
    #expect(try harness.hangUp().record.turns == 3)
  }

  @Test("silence never reaches the detector")
  func gate() throws {
    let harness = try SessionHarness()
    harness.hear(0, packets: 100)
    #expect(harness.detector.windows == 0)
    harness.hear(Self.loud, packets: 4)
    #expect((2...3).contains(harness.detector.windows))
  }

  @Test("lost packets are filled in where they were, and counted")
  func gap() throws {
    let harness = try SessionHarness()
    harness.hear(Self.loud, packets: 10)
    harness.lose(packets: 2)
    harness.hear(Self.loud, packets: 20)
    harness.hear(0, packets: 20)
    let samples = try #require(harness.turns.first).samples
    #expect(samples[3200..<3840].allSatisfy { $0 == PlainCodecs.concealed })
    #expect(samples.filter { $0 == PlainCodecs.concealed }.count == 640)
    let call = try harness.hangUp()
    #expect(call.record.audio.received == 50)
    #expect(call.record.audio.lost == 2)
    #expect(call.record.audio.concealed == 2)
    #expect(call.record.audio.late == 0)
  }

  @Test("a longer gap is filled in for 100 ms and is silence then; what follows keeps its place")
  func longGap() throws {
    let harness = try SessionHarness()
    harness.hear(Self.loud, packets: 10)
    harness.lose(packets: 12)
    harness.hear(Self.loud, packets: 10)
    let call = try harness.hangUp()
    #expect(call.record.audio.lost == 12)
    #expect(call.record.audio.concealed == 5)
    let places = (Array(0..<10) + Array(22..<32)).map { UInt32($0 * 320) }
    #expect(call.recording?.caller.positions == places)
  }

  @Test("packets that overtook one another are put back in order, up to three behind the first", arguments: [1, 2, 3])
  func overtaken(by packets: Int) throws {
    let harness = try SessionHarness()
    harness.hear(Self.loud, packets: 10)
    harness.skipNumber()
    for place in 1...packets { harness.hear(Int16(100 * place) + 7000) }
    harness.receive(PlainCodecs.packet(of: 7000), number: 10)
    harness.hear(Self.loud, packets: 8)
    harness.hear(0, packets: 20)
    let samples = try #require(harness.turns.first).samples
    let expected = (0...packets).flatMap { Array(repeating: Int16(100 * $0) + 7000, count: 320) }
    #expect(Array(samples[3200..<3200 + expected.count]) == expected)
    let audio = try harness.hangUp().record.audio
    #expect(audio.late == 0 && audio.lost == 0 && audio.concealed == 0)
    #expect(audio.received == 39 + packets)
  }

  @Test(
    "a packet that comes twice, or 60 ms behind those that overtook it, is not used and is counted", arguments: [3, 4])
  func late(after packets: Int) throws {
    let harness = try SessionHarness()
    harness.hear(Self.loud, packets: 10)
    harness.lose(packets: 1)
    harness.hear(Self.loud, packets: packets)
    // With three behind it, the next tick gives it up.
    harness.pass(.milliseconds(20))
    harness.receive(PlainCodecs.packet(of: 77), number: 10)
    harness.receive(PlainCodecs.packet(of: 77), number: 11)
    harness.hear(Self.loud, packets: 8)
    harness.hear(0, packets: 20)
    #expect(try #require(harness.turns.first).samples.contains(77) == false)
    let call = try harness.hangUp()
    #expect(call.record.audio.late == 2)
    #expect(call.record.audio.lost == 1)
    #expect(call.record.audio.received == 38 + packets)
    #expect(call.recording?.caller.packetCount == 38 + packets)
  }

  @Test("packets that are kept are used without any that follow: a sender that stops behind a gap is heard")
  func stopsBehindGap() throws {
    let harness = try SessionHarness()
    harness.hear(Self.loud, packets: 20)
    harness.lose(packets: 1)
    harness.hear(7000, packets: 2)
    #expect(harness.turns.isEmpty)
    harness.pass(.milliseconds(1500))
    #expect(try #require(harness.turns.first).samples.filter { $0 == 7000 }.count == 640)
    #expect(try harness.hangUp().record.audio.received == 22)
  }

  @Test("packets that are kept when the caller hangs up are recorded and counted", arguments: 1...3)
  func keptAtHangUp(packets: Int) throws {
    let harness = try SessionHarness()
    harness.hear(Self.loud, packets: 20)
    harness.skipNumber()
    for _ in 0..<packets { harness.receive(PlainCodecs.packet(of: 7000)) }
    let call = try harness.hangUp()
    #expect(call.record.audio.received == 20 + packets && call.record.audio.lost == 1)
    #expect(call.recording?.caller.packetCount == 20 + packets)
  }

  @Test("a second copy of a packet that is kept is not used and is counted")
  func keptTwice() throws {
    let harness = try SessionHarness()
    harness.hear(Self.loud, packets: 10)
    harness.skipNumber()
    harness.hear(7000)
    harness.receive(PlainCodecs.packet(of: 77), number: 11)
    harness.receive(PlainCodecs.packet(of: 6000), number: 10)
    harness.hear(0, packets: 30)
    let samples = try #require(harness.turns.first).samples
    #expect(Array(samples[3200..<3840]) == Array(repeating: 6000, count: 320) + Array(repeating: 7000, count: 320))
    #expect(try harness.hangUp().record.audio.late == 1)
  }

  @Test("numbers of a sender that begins anew while packets are kept lose none but its first")
  func restartBehindGap() throws {
    let harness = try SessionHarness()
    harness.hear(0, packets: 200)
    for _ in 0..<3 {
      harness.skipNumber()
      harness.hear(0)
    }
    harness.startNumbersAgain()
    harness.hear(Self.loud, packets: 40)
    #expect(harness.phase == "hearing")
    let audio = try harness.hangUp().record.audio
    #expect(audio.received + audio.late == 243 && audio.late <= 4)
  }

  @Test("a packet that cannot be decoded is told once a call, and takes nothing else with it")
  func undecodable() throws {
    let harness = try SessionHarness()
    harness.hear(Self.loud, packets: 10)
    for _ in 0..<3 {
      harness.pass(.milliseconds(20))
      harness.receive([1, 2, 3])
    }
    harness.hear(Self.loud, packets: 10)
    let told = harness.reports.filter { if case .trouble("undecodable-audio", _) = $0 { true } else { false } }
    #expect(told.count == 1)
    let call = try harness.hangUp()
    #expect(call.record.audio.dropped == 3)
    #expect(call.record.audio.received == 20)
    #expect(call.recording?.caller.positions == (0..<23).map { UInt32($0 * 320) })
  }

  @Test("what is sent more than 2 s ahead of its time is dropped, and the rest of the call keeps its place")
  func tooEarly() throws {
    let harness = try SessionHarness()
    harness.pass(.milliseconds(20))
    for _ in 0..<200 { harness.receive(PlainCodecs.packet(of: 0)) }
    // The first was 20 ms in the making, so 101 more are at most 2 s ahead, and 15 more while the clock is set back by 300 ms.
    harness.pass(.seconds(4))
    harness.receive(PlainCodecs.packet(of: 0))
    let call = try harness.hangUp()
    #expect(call.record.audio.received == 118)
    #expect(call.record.audio.dropped == 83)
    #expect(call.record.audio.lost == 0)
    #expect(call.recording?.caller.positions.last == UInt32(4000 * 16))
  }

  @Test("a sender whose clock runs a tenth too fast loses a tenth of its packets and no more")
  func fastSender() throws {
    let harness = try SessionHarness()
    for _ in 0..<400 {
      harness.hear(0, packets: 10)
      harness.receive(PlainCodecs.packet(of: 0))
    }
    let audio = try harness.hangUp().record.audio
    #expect(audio.lost == 0)
    #expect(audio.concealed == 0)
    #expect(audio.received + audio.dropped == 4400)
    #expect((250...400).contains(audio.dropped))
  }

  @Test("a sender that stops while it is silent comes back at the time of its packets")
  func pause() throws {
    let harness = try SessionHarness()
    harness.hear(0, packets: 10)
    harness.pass(.seconds(1))
    harness.hear(0, packets: 2)
    let call = try harness.hangUp()
    // Arrived at 1,220 ms and 20 ms long.
    #expect(call.recording?.caller.positions.suffix(3).map(Int.init) == [9 * 320, 1200 * 16, 1220 * 16])
    #expect(call.record.audio.lost == 0)
  }

  @Test("packets that the network held up for 180 ms keep their place")
  func jitter() throws {
    let harness = try SessionHarness()
    harness.hear(0, packets: 10)
    harness.pass(.milliseconds(180))
    for _ in 0..<9 { harness.receive(PlainCodecs.packet(of: 0)) }
    harness.hear(0, packets: 5)
    #expect(try harness.hangUp().recording?.caller.positions == (0..<24).map { UInt32($0 * 320) })
  }

  @Test("one packet with a wild number does not make the call deaf", arguments: [5_000, 2_000_000_000, 4_294_967_000])
  func wildNumber(number: UInt32) throws {
    let harness = try SessionHarness()
    harness.hear(0, packets: 20)
    harness.receive(PlainCodecs.packet(of: 0), number: number)
    harness.hear(0, packets: 20)
    harness.hear(Self.loud, packets: 20)
    #expect(harness.phase == "hearing")
    try expectOneLate(harness, received: 60)
  }

  @Test("a sender that counts from 0 again is heard from its second packet on")
  func restart() throws {
    let harness = try SessionHarness()
    harness.hear(0, packets: 200)
    harness.startNumbersAgain()
    harness.hear(Self.loud, packets: 20)
    #expect(harness.phase == "hearing")
    try expectOneLate(harness, received: 219)
  }

  /// One packet came out of place, and none is thought lost for that.
  private func expectOneLate(_ harness: SessionHarness, received: Int) throws {
    let audio = try harness.hangUp().record.audio
    #expect(audio.received == received && audio.late == 1 && audio.lost == 0)
  }

  @Test("a sender that claims more lost packets than time has passed is heard all the same")
  func falseGap() throws {
    let harness = try SessionHarness()
    harness.hear(0, packets: 20)
    for _ in 0..<3 {
      for _ in 0..<900 { harness.skipNumber() }
      harness.hear(0, packets: 5)
    }
    harness.hear(Self.loud, packets: 20)
    #expect(harness.phase == "hearing")
  }

  @Test("audio before the call began and after its end is not taken")
  func outOfCall() throws {
    let harness = try SessionHarness()
    harness.hear(0, packets: 3)
    let call = try harness.hangUp()
    harness.hear(0, packets: 3)
    #expect(call.record.audio.received == 3)
    #expect(harness.ended.count == 1)
  }
}
