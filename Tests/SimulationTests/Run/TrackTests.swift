import CallCore
import SampleCases
import Simulation
import Testing

@Suite("What was asked for is in the tracks", .serialized)
struct TrackTests {
  @Test("The yield time agrees with the two tracks, measured by hand")
  func yield() throws {
    let result = try SampleCalls.result(of: try SampleCalls.testCase("interrupt-at-800ms"))
    let tracks = try #require(result.evidence.tracks)
    let measured = try #require(result.metrics.yields.first)
    let byHand = try #require(YieldByHand(voice: tracks.voice, agent: tracks.agent)).milliseconds
    print("yield time: \(measured.milliseconds) ms by the report, \(byHand) ms by hand")
    #expect(abs(measured.milliseconds - byHand) <= 20)
    let act = try #require(result.evidence.acts.first)
    let agentBegan = try #require(result.evidence.agentSpeech.first?.start)
    #expect(abs((act.began - agentBegan).milliseconds - 800) <= 40)
  }

  @Test("Measuring by hand finds what was put into the tracks")
  func byHand() throws {
    func track(_ loud: [Range<Int>]) -> [Int16] {
      (0..<4000 * 16).map { sample in loud.contains { $0.contains(sample / 16) } ? (sample % 2 == 0 ? 3000 : -3000) : 0
      }
    }
    let agent = track([200..<900, 1100..<1730, 2600..<3000])
    let yield = try #require(YieldByHand(voice: track([1500..<2300, 3500..<3600]), agent: agent))
    #expect(abs(yield.callerBegan - 1500) <= 5 && abs(yield.agentEnded - 1730) <= 5)
    #expect(YieldByHand(voice: track([1800..<2300, 3500..<3600]), agent: agent) == nil, "a caller who waits")
  }

  @Test("What the network did is counted once for each packet, and the agent's side sees as much")
  func network() throws {
    var testCase = try SampleCalls.testCase("slow-network")
    testCase.world.network.jitter = .milliseconds(90)
    testCase.world.network.duplicatePermille = 400
    testCase.world.network.lossPermille = 30
    let result = try SampleCalls.result(of: testCase)
    let evidence = result.evidence
    var network = LossyNetwork(conditions: testCase.world.network, seed: result.seed)
    for packet in 1...evidence.network.sent { _ = network.send(at: .zero + .milliseconds(20) * packet) }
    #expect(evidence.network == network.counts)
    // What comes for the second time is late to the agent, and of what was overtaken only what came over 60 ms behind. Some is under way
    // when the call ends.
    let audio = try #require(evidence.record).audio
    let (overtaken, doubled) = (evidence.network.overtaken, evidence.network.duplicated)
    #expect(overtaken > 50)
    #expect(
      (doubled - 15...doubled + overtaken / 4).contains(audio.late), "\(audio.late) of \(doubled) and \(overtaken)")
    let arrived = evidence.network.sent - evidence.network.lost + doubled
    #expect((arrived - 15...arrived).contains(audio.received + audio.late))
  }

  @Test("A network that loses nothing and disorders packets by up to 40 ms takes nothing from the agent's ears")
  func disorder() throws {
    var testCase = try SampleCalls.testCase("slow-network")
    testCase.world.network.duplicatePermille = 0
    let result = try SampleCalls.result(of: testCase)
    let audio = try #require(result.evidence.record).audio
    #expect(result.evidence.network.overtaken > 50)
    #expect(audio.late == 0 && audio.lost == 0 && audio.concealed == 0)
  }

  @Test("Noise has the ratio that was asked", arguments: [0, 5, 10, 20])
  func noise(ratio: Int) throws {
    for sort in [CallWorld.Noise.Sort.white, .pink, .babble] {
      var testCase = try SampleCalls.testCase("street")
      testCase.world = CallWorld()
      testCase.world.noise = .init(sort: sort, ratio: ratio)
      let metrics = try SampleCalls.result(of: testCase).metrics
      let measured = try #require(metrics.noiseRatioTenths, "\(sort)")
      print("noise \(sort): asked \(ratio) dB, measured \(Double(measured) / 10) dB")
      #expect(abs(measured - ratio * 10) <= 10, "\(sort)")
    }
  }

  @Test("Packets are lost as often as was asked", arguments: [10, 50, 100, 200])
  func loss(permille: Int) throws {
    var lost = 0
    var sent = 0
    for seed in 1...4 as ClosedRange<UInt64> {
      var testCase = try SampleCalls.testCase("lossy")
      testCase.world.network.lossPermille = permille
      testCase.world.network.lossBurst = 2
      let result = try SampleCalls.result(of: testCase, seed: seed)
      lost += result.evidence.network.lost
      sent += result.evidence.network.sent
    }
    let measured = Double(lost) * 1000 / Double(sent)
    print("loss: asked \(Double(permille) / 10) %, measured \(measured / 10) % of \(sent) packets")
    #expect(abs(measured - Double(permille)) <= 10)
  }

  @Test("A telephone line lets nothing through above its band")
  func telephone() throws {
    let result = try SampleCalls.result(of: try SampleCalls.testCase("telephone"))
    #expect(result.verdict == .passed, "\(result.reasons)")
    #expect(result.checks.contains { $0.kind == .stimulus && $0.verdict == .passed })
  }

  @Test("A caller who was to be heard and is not makes the call invalid")
  func missing() throws {
    var testCase = try SampleCalls.testCase("opening-hours")
    testCase.world.level = -40
    testCase.turns[0].action = .say([.words("What are your opening hours?")])
    let good = try SampleCalls.result(of: testCase)
    var evidence = good.evidence
    let length = evidence.tracks?.voice.count ?? 0
    evidence.tracks?.voice = [Int16](repeating: 0, count: length)
    evidence.callerSpeech = []
    let result = Judge().result(of: testCase, attempt: 1, seed: 1, evidence: evidence, replay: "")
    #expect(result.verdict == .invalid)
  }
}
