import CallCore
import Simulation
import Testing

@Suite("Whether the world was as asked")
struct WorldTests {
  /// Speech is a sine of 8000 (its power 32·10⁶) in the caller's second; the microphone adds white noise.
  private func noisy(ratio: Int, amplitude: Int, echo: Bool = false) -> StagedCall {
    var call = StagedCall.oneTurn()
    call.testCase.world.noise = CallWorld.Noise(sort: .white, ratio: ratio)
    var voice = Sound(milliseconds: 5000)
    voice.tone(amplitude: 8000, 1500, 2500)
    var microphone = voice
    microphone.noise(amplitude: amplitude)
    if echo {
      call.testCase.world.echo = CallWorld.Echo(level: -10, delay: .milliseconds(100))
      microphone.tone(amplitude: 3000, 300, 1300)
      microphone.tone(amplitude: 3000, 3200, 4200)
    }
    let agent = Sound(milliseconds: 5000).samples
    call.evidence.tracks = CallTracks(voice: voice.samples, microphone: microphone.samples, agent: agent)
    return call
  }

  @Test("The measured ratio is the one in the microphone", arguments: [(20, 980), (10, 3098), (0, 9798), (-6, 19_550)])
  func ratio(asked: Int, amplitude: Int) throws {
    let result = noisy(ratio: asked, amplitude: amplitude).judged()
    let tenths = try #require(result.metrics.noiseRatioTenths)
    #expect(abs(tenths - asked * 10) <= 5)
    #expect(result.verdict == .passed)
  }

  @Test("Noise that is 2 dB too soft makes the case invalid")
  func wrongRatio() {
    let result = noisy(ratio: 10, amplitude: 2460).judged()
    #expect(result.verdict == .invalid)
    #expect(result.blamed == [.stimulus])
    #expect(result.reasons.first?.actual.hasPrefix("12.") == true)
  }

  @Test("The agent's echo is neither noise nor speech")
  func echo() throws {
    let result = noisy(ratio: 20, amplitude: 980, echo: true).judged()
    #expect(abs(try #require(result.metrics.noiseRatioTenths) - 200) <= 5)
  }

  @Test("Without noise there is no ratio; asked-for noise that is not there makes the case invalid")
  func noNoise() {
    #expect(StagedCall.oneTurn().judged().metrics.noiseRatioTenths == nil)
    #expect(noisy(ratio: 10, amplitude: 0).judged().verdict == .invalid)
  }

  @Test(
    "A telephone has nothing above 4 kHz", arguments: [(nil, Verdict.passed), (6000.0, .invalid), (3200.0, .passed)])
  func telephone(extra: Double?, verdict: Verdict) {
    var call = StagedCall.oneTurn()
    call.testCase.world.isTelephone = true
    var voice = Sound(milliseconds: 5000)
    voice.tone(amplitude: 8000, 1500, 2500)
    if let extra { voice.tone(extra, amplitude: 500, 1500, 2500) }
    call.evidence.tracks = CallTracks(voice: voice.samples, microphone: voice.samples, agent: [])
    #expect(call.judged().verdict == verdict)
  }

  @Test(
    "The loss may differ by a point, or by three standard deviations where there are few packets",
    arguments: [
      (10_000, 500, 1, Verdict.passed), (10_000, 590, 1, .passed), (10_000, 620, 1, .invalid),
      (200, 18, 1, .passed), (200, 22, 1, .invalid), (200, 22, 4, .passed), (200, 0, 1, .invalid),
    ])
  func loss(sent: Int, lost: Int, burst: Int, verdict: Verdict) {
    var call = StagedCall.oneTurn()
    call.testCase.world.network.lossPermille = 50
    call.testCase.world.network.lossBurst = burst
    call.evidence.network.sent = sent
    call.evidence.network.lost = lost
    #expect(call.judged().verdict == verdict)
  }

  @Test("A line that nobody asked to lose anything must not")
  func unaskedLoss() {
    var call = StagedCall.oneTurn()
    call.evidence.network.sent = 1000
    call.evidence.network.lost = 20
    #expect(call.judged().blamed == [.stimulus])
  }

  @Test("More than 1 % of late frames make a live call invalid", arguments: [(10, Verdict.passed), (11, .invalid)])
  func lateness(late: Int, verdict: Verdict) {
    var call = StagedCall.oneTurn()
    call.evidence.mode = .live
    call.evidence.sentFrames = 1000
    call.evidence.lateFrames = late
    #expect(call.judged().verdict == verdict)
  }

  @Test("A disconnection that was asked must happen, and is then no failure")
  func disconnection() {
    var call = StagedCall.oneTurn()
    call.write(.say([.words("Tuesday")]))
    call.testCase.world.disconnectAfter = .seconds(5)
    call.evidence.duration = .seconds(5)
    call.evidence.failure = .brokenOff("as asked")
    call.evidence.record = nil
    #expect(call.judged().verdict == .passed)
    call.evidence.failure = nil
    #expect(call.judged().blamed.first == .stimulus)
  }
}
