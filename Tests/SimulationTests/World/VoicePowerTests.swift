import Simulation
import Testing

@Suite("Power of a voice")
struct VoicePowerTests {
  @Test("Silence around and between words does not count")
  func silence() throws {
    let speech = WorldHarness.tone(hertz: 500, seconds: 0.5, amplitude: 4000)
    let silence = WorldHarness.silence(seconds: 1)
    let power = try #require(VoicePower.meanSquare(of: silence + speech + silence + speech))
    #expect(abs(WorldHarness.decibels(power / 8_000_000)) < 0.01)
  }

  @Test("What is more than 30 dB below the loudest is no speech")
  func range() throws {
    let loud = WorldHarness.tone(hertz: 500, amplitude: 10_000)
    let breath = WorldHarness.tone(hertz: 500, amplitude: 300)
    let soft = WorldHarness.tone(hertz: 500, amplitude: 340)
    #expect(try #require(VoicePower.meanSquare(of: loud + breath)) > 49_000_000)
    #expect(try #require(VoicePower.meanSquare(of: loud + soft)) < 26_000_000)
  }

  @Test("Several clips count by their length")
  func clips() throws {
    var power = VoicePower()
    #expect(power.meanSquare == nil)
    power.add(WorldHarness.silence(seconds: 1))
    #expect(power.meanSquare == nil)
    power.add(WorldHarness.tone(hertz: 500, seconds: 1, amplitude: 2000))
    power.add(WorldHarness.tone(hertz: 500, seconds: 3, amplitude: 4000))
    #expect(abs(try #require(power.meanSquare) - 6_500_000) < 1000)
  }

  @Test("A gain moves the power by its decibels, and none leaves the samples alone", arguments: [-40, -7, 6])
  func gain(decibels: Int) throws {
    let clip = WorldHarness.tone(hertz: 500)
    let before = try #require(VoicePower.meanSquare(of: clip))
    let after = try #require(VoicePower.meanSquare(of: Gain(decibels: decibels).applied(to: clip)))
    #expect(abs(WorldHarness.decibels(after / before) - Double(decibels)) < 0.02)
    #expect(Gain(decibels: 0).applied(to: clip) == clip)
    #expect(Gain(decibels: 20).applied(to: [30_000, -30_000]) == [32_767, -32_768])
  }
}
