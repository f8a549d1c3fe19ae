import CallCore
import Simulation
import Testing

@Suite("Figures of the tracks")
struct TrackFigureTests {
  /// The staged call of one turn with an agent's track of tones where it speaks.
  private func call(_ change: (inout Sound) -> Void = { _ in }) -> StagedCall {
    var call = StagedCall.oneTurn()
    var agent = Sound(milliseconds: 5000)
    agent.tone(amplitude: 8000, 200, 1200)
    agent.tone(amplitude: 8000, 3100, 4100)
    change(&agent)
    call.evidence.tracks = CallTracks(voice: [], microphone: [], agent: agent.samples)
    return call
  }

  @Test("The level is the power where the agent is audible: a sine of 8000 has −15.3 dB")
  func level() {
    let metrics = call().judged().metrics
    #expect(metrics.agentLevelTenths == 153)
    #expect(metrics.dropouts == 0)
    #expect(metrics.clippedSamples == 0)
  }

  @Test(
    "A hole of over 20 ms in a sound is a dropout, a shorter one is not", arguments: [(300, 0), (340, 1), (3200, 1)])
  func dropouts(samples: Int, count: Int) {
    let metrics = call { $0.hole(fromSample: 55_013, count: samples) }.judged().metrics
    #expect(metrics.dropouts == count)
  }

  @Test(
    "Silence that a sound fades into is none; the same silence after a sound that is cut off is",
    arguments: [(60, 0), (8000, 1)])
  func naturalSilence(amplitude: Double, count: Int) {
    let metrics = call { sound in
      sound.hole(fromSample: 54_240, count: 3360)
      sound.tone(amplitude: amplitude, 3390, 3400)
    }.judged().metrics
    #expect(metrics.dropouts == count)
  }

  @Test("Samples at full scale are counted")
  func clipping() {
    let metrics = call { $0.tone(amplitude: 60_000, 3500, 3510) }.judged().metrics
    #expect((40...160).contains(metrics.clippedSamples))
  }

  @Test("Loss is what was dropped of what was sent")
  func loss() {
    var call = StagedCall.oneTurn()
    #expect(call.judged().metrics.lossPermille == nil)
    call.evidence.network.sent = 2000
    call.evidence.network.lost = 101
    call.testCase.world.network.lossPermille = 50
    #expect(call.judged().metrics.lossPermille == 51)
  }
}
