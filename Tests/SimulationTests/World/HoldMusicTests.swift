import CallCore
import CallDriver
import Simulation
import Testing

@Suite("Hold music")
struct HoldMusicTests {
  /// What a caller who puts the agent on hold sends, 16 kHz mono.
  private static func sound(_ music: String?, _ seconds: Int) throws -> [Int16] {
    let turn = TestTurn(number: 1, action: .hold(music: music, length: .seconds(seconds)))
    let planner = CallerPlanner(engines: SimulationEngines.catalog, cache: CallerSpeechCache()) {
      path throws(CallFailure) in
      guard path == "music.wav" else { throw .callerEngine("there is no \(path)") }
      return PCMBuffer(sampleRate: 16_000, samples: Array(1...20_000))
    }
    let plan = try planner.plan(for: TestCase(id: "any", agent: TestAgent(flow: "any"), turns: [turn]), seed: 1)
    #expect(plan.turns[0].duration == .seconds(seconds))
    return plan.turns[0].sound
  }

  @Test("our own tune is the same each time and comes again after 10 s, as loud as such music is and not clipped")
  func tune() throws {
    let sound = try Self.sound(nil, 12)
    let again = try Self.sound(nil, 12)
    #expect(sound.count == 192_000 && sound == again)
    #expect(sound.prefix(32_000) == sound.suffix(32_000))
    let power = sound.prefix(160_000).reduce(0) { $0 + Int($1) * Int($1) } / 160_000
    // −32 dB below full scale, as the softest of Asterisk's pieces, is a mean square of 0.68 million.
    #expect((500_000...1_000_000).contains(power), "\(power)")
    #expect(sound.allSatisfy { abs(Int($0)) < 32_000 })
    // Every beat is struck: nowhere is it silent.
    for start in stride(from: 0, to: 160_000, by: 10_000) {
      #expect(sound[start..<start + 2000].contains { abs(Int($0)) > 1500 }, "\(start)")
    }
  }

  @Test("a file is looped, and cut off in the end")
  func file() throws {
    let sound = try Self.sound("music.wav", 2)
    #expect(sound == Array(1...20_000) + Array(1...12_000))
    #expect(throws: CallFailure.self) { _ = try Self.sound("other.wav", 2) }
  }
}
