import CallCore
import CallDriver
import Testing

@Suite("The caller's audio")
struct CallerAudioTests {
  static let loud = SessionBench.loud

  @Test("a turn's words are asked of its sound and a third of a second before it")
  func turn() throws {
    let bench = try SessionBench()
    bench.hear(0, packets: 40)
    bench.hear(Self.loud, packets: 30)
    bench.hear(0, packets: 30)
    let turn = try #require(bench.turns.first)
    #expect(turn.purpose == .speculative)
    #expect(turn.samples.filter { $0 == Self.loud }.count == 30 * 320)
    // 320 ms of pre-roll, and up to a window of 32 ms that is only partly loud.
    #expect((5120...5632).contains(turn.samples.prefix { $0 == 0 }.count))
  }

  /// Says a word of one value with nothing before and behind it, and answers every question for words.
  private func press(_ value: Int16, packets: Int, _ bench: SessionBench) {
    bench.hear(value, packets: packets)
    bench.pass(.milliseconds(1100))
  }

  @Test("push to talk: each sound belongs to one turn, and none is heard again", arguments: [6, 15, 40])
  func pushToTalk(packets: Int) throws {
    let bench = try SessionBench(saying: ["", "", ""])
    for value in [Int16(8000), 7000, 6000] {
      press(value, packets: packets, bench)
      for turn in bench.turns.suffix(1) {
        bench.session.accept(.words(turn.request, .success("yes")), at: bench.now)
      }
      bench.pass(.seconds(3))
    }
    let heard = bench.turns.map { Set($0.samples).subtracting([0]) }
    #expect(heard == [[8000], [7000], [6000]])
    #expect(bench.turns.map { $0.samples.filter { $0 != 0 }.count } == [packets * 320, packets * 320, packets * 320])
    #expect(try bench.hangUp().record.turns == 3)
  }

  @Test("silence never reaches the detector")
  func gate() throws {
    let bench = try SessionBench()
    bench.hear(0, packets: 100)
    #expect(bench.detector.windows == 0)
    bench.hear(Self.loud, packets: 4)
    #expect((2...3).contains(bench.detector.windows))
  }

  @Test("lost packets are filled in where they were, and counted")
  func gap() throws {
    let bench = try SessionBench()
    bench.hear(Self.loud, packets: 10)
    bench.lose(packets: 2)
    bench.hear(Self.loud, packets: 20)
    bench.hear(0, packets: 20)
    let samples = try #require(bench.turns.first).samples
    #expect(samples[3200..<3840].allSatisfy { $0 == PlainCodecs.concealed })
    #expect(samples.filter { $0 == PlainCodecs.concealed }.count == 640)
    let call = try bench.hangUp()
    #expect(call.record.audio.received == 50)
    #expect(call.record.audio.lost == 2)
    #expect(call.record.audio.concealed == 2)
    #expect(call.record.audio.late == 0)
  }

  @Test("a longer gap is filled in for 100 ms and is silence then; what follows keeps its place")
  func longGap() throws {
    let bench = try SessionBench()
    bench.hear(Self.loud, packets: 10)
    bench.lose(packets: 12)
    bench.hear(Self.loud, packets: 10)
    let call = try bench.hangUp()
    #expect(call.record.audio.lost == 12)
    #expect(call.record.audio.concealed == 5)
    let places = (Array(0..<10) + Array(22..<32)).map { UInt32($0 * 320) }
    #expect(call.recording?.caller.positions == places)
  }

  @Test("a packet that comes behind its successor, or twice, is not used and is counted")
  func late() throws {
    let bench = try SessionBench()
    bench.hear(Self.loud, packets: 10)
    bench.lose(packets: 1)
    bench.hear(Self.loud, packets: 1)
    bench.receive(PlainCodecs.packet(of: 77), number: 10)
    bench.receive(PlainCodecs.packet(of: 77), number: 11)
    bench.hear(Self.loud, packets: 8)
    bench.hear(0, packets: 20)
    #expect(try #require(bench.turns.first).samples.contains(77) == false)
    let call = try bench.hangUp()
    #expect(call.record.audio.late == 2)
    #expect(call.record.audio.received == 39)
    #expect(call.recording?.caller.packetCount == 39)
  }

  @Test("a packet that cannot be decoded is told once a call, and takes nothing else with it")
  func undecodable() throws {
    let bench = try SessionBench()
    bench.hear(Self.loud, packets: 10)
    for _ in 0..<3 {
      bench.pass(.milliseconds(20))
      bench.receive([1, 2, 3])
    }
    bench.hear(Self.loud, packets: 10)
    let told = bench.reports.filter { if case .trouble("undecodable-audio", _) = $0 { true } else { false } }
    #expect(told.count == 1)
    let call = try bench.hangUp()
    #expect(call.record.audio.dropped == 3)
    #expect(call.record.audio.received == 20)
    #expect(call.recording?.caller.positions == (0..<23).map { UInt32($0 * 320) })
  }

  @Test("what is sent more than 2 s ahead of its time is dropped, and the rest of the call keeps its place")
  func tooEarly() throws {
    let bench = try SessionBench()
    bench.pass(.milliseconds(20))
    for _ in 0..<200 { bench.receive(PlainCodecs.packet(of: 0)) }
    // The first was 20 ms in the making, so 101 more are at most 2 s ahead, and 15 more while the clock is set back by 300 ms.
    bench.pass(.seconds(4))
    bench.receive(PlainCodecs.packet(of: 0))
    let call = try bench.hangUp()
    #expect(call.record.audio.received == 118)
    #expect(call.record.audio.dropped == 83)
    #expect(call.record.audio.lost == 0)
    #expect(call.recording?.caller.positions.last == UInt32(4000 * 16))
  }

  @Test("a sender whose clock runs a tenth too fast loses a tenth of its packets and no more")
  func fastSender() throws {
    let bench = try SessionBench()
    for _ in 0..<400 {
      bench.hear(0, packets: 10)
      bench.receive(PlainCodecs.packet(of: 0))
    }
    let audio = try bench.hangUp().record.audio
    #expect(audio.lost == 0)
    #expect(audio.concealed == 0)
    #expect(audio.received + audio.dropped == 4400)
    #expect((250...400).contains(audio.dropped))
  }

  @Test("a sender that stops while it is silent comes back at the time of its packets")
  func pause() throws {
    let bench = try SessionBench()
    bench.hear(0, packets: 10)
    bench.pass(.seconds(1))
    bench.hear(0, packets: 2)
    let call = try bench.hangUp()
    // Arrived at 1,220 ms and 20 ms long.
    #expect(call.recording?.caller.positions.suffix(3).map(Int.init) == [9 * 320, 1200 * 16, 1220 * 16])
    #expect(call.record.audio.lost == 0)
  }

  @Test("packets that the network held up for 180 ms keep their place")
  func jitter() throws {
    let bench = try SessionBench()
    bench.hear(0, packets: 10)
    bench.pass(.milliseconds(180))
    for _ in 0..<9 { bench.receive(PlainCodecs.packet(of: 0)) }
    bench.hear(0, packets: 5)
    #expect(try bench.hangUp().recording?.caller.positions == (0..<24).map { UInt32($0 * 320) })
  }

  @Test("one packet with a wild number does not make the call deaf", arguments: [5_000, 2_000_000_000, 4_294_967_000])
  func wildNumber(number: UInt32) throws {
    let bench = try SessionBench()
    bench.hear(0, packets: 20)
    bench.receive(PlainCodecs.packet(of: 0), number: number)
    bench.hear(0, packets: 20)
    bench.hear(Self.loud, packets: 20)
    #expect(bench.phase == "hearing")
    let audio = try bench.hangUp().record.audio
    #expect(audio.received == 60)
    #expect(audio.late == 1)
    #expect(audio.lost == 0)
  }

  @Test("a sender that counts from 0 again is heard from its second packet on")
  func restart() throws {
    let bench = try SessionBench()
    bench.hear(0, packets: 200)
    bench.startNumbersAgain()
    bench.hear(Self.loud, packets: 20)
    #expect(bench.phase == "hearing")
    let audio = try bench.hangUp().record.audio
    #expect(audio.received == 219)
    #expect(audio.late == 1)
    #expect(audio.lost == 0)
  }

  @Test("a sender that claims more lost packets than time has passed is heard all the same")
  func falseGap() throws {
    let bench = try SessionBench()
    bench.hear(0, packets: 20)
    for _ in 0..<3 {
      for _ in 0..<900 { bench.skipNumber() }
      bench.hear(0, packets: 5)
    }
    bench.hear(Self.loud, packets: 20)
    #expect(bench.phase == "hearing")
  }

  @Test("audio before the call began and after its end is not taken")
  func outOfCall() throws {
    let bench = try SessionBench()
    bench.hear(0, packets: 3)
    let call = try bench.hangUp()
    bench.hear(0, packets: 3)
    #expect(call.record.audio.received == 3)
    #expect(bench.ended.count == 1)
  }
}
