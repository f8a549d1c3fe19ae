import CallCore
import Simulation
import Testing

@Suite("What was asked for is in the tracks", .serialized)
struct TrackTests {
  @Test("The yield time agrees with the two tracks, measured by hand")
  func yield() throws {
    let result = try SampleCalls.result(of: try SampleCalls.testCase("interrupt-at-800ms"))
    let tracks = try #require(result.evidence.tracks)
    let measured = try #require(result.metrics.yields.first)
    // By hand: the first loud sample of the caller, and the last one of the agent before its long silence.
    let caller = try #require(tracks.voice.firstIndex { abs(Int($0)) > 300 })
    var agent = caller
    var silence = 0
    while silence < 1600, agent + silence < tracks.agent.count {
      if abs(Int(tracks.agent[agent + silence])) > 300 { agent += silence + 1; silence = 0 } else { silence += 1 }
    }
    let byHand = (agent - caller) / 16
    print("yield time: \(measured.milliseconds) ms by the report, \(byHand) ms by hand")
    #expect(abs(measured.milliseconds - byHand) <= 20)
    let act = try #require(result.evidence.acts.first)
    let agentBegan = try #require(result.evidence.agentSpeech.first?.start)
    #expect(abs((act.began - agentBegan).milliseconds - 800) <= 40)
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
    testCase.turns[0].deed = .say([.words("What are your opening hours?")])
    let good = try SampleCalls.result(of: testCase)
    var evidence = good.evidence
    let length = evidence.tracks?.voice.count ?? 0
    evidence.tracks?.voice = [Int16](repeating: 0, count: length)
    evidence.callerSpeech = []
    let result = Judge().result(of: testCase, attempt: 1, seed: 1, evidence: evidence, replay: "")
    #expect(result.verdict == .invalid)
  }
}
