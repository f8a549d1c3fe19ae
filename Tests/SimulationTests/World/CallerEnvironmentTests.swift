import CAllocationCounter
import CallCore
import Simulation
import Testing

@Suite("The caller's environment")
struct CallerEnvironmentTests {
  private static let sorts: [CallWorld.Noise.Sort] = [.white, .pink, .babble, .recording("street.wav")]

  private static func world(_ change: (inout CallWorld) -> Void) -> CallWorld {
    var world = CallWorld()
    change(&world)
    return world
  }

  /// A sound with loud and soft parts, 3 s.
  private static let street = (0..<3).flatMap { part in
    WorldHarness.tone(hertz: 500 + 300 * Double(part), amplitude: 2000 * Double(part + 1))
  }

  private static func surroundings(_ world: CallWorld, seed: UInt64 = 1, power: Double = 1_000_000) -> CallerEnvironment
  {
    CallerEnvironment(world: world, seed: seed, speechPower: power, noiseSound: street)
  }

  @Test("In a quiet room the microphone gives the voice, bit for bit")
  func quiet() {
    let voice = WorldHarness.bursts(seconds: 2)
    let agent = WorldHarness.tone(hertz: 300, seconds: 2)
    #expect(WorldHarness.microphone(Self.surroundings(CallWorld()), voice: voice, agent: agent) == voice)
  }

  @Test("Noise is as far below the speech as asked", arguments: sorts, [-3, 5, 20])
  func ratio(sort: CallWorld.Noise.Sort, ratio: Int) throws {
    let voice = WorldHarness.bursts(seconds: 60)
    let speech = try #require(VoicePower.meanSquare(of: voice))
    let world = Self.world { $0.noise = .init(sort: sort, ratio: ratio) }
    let microphone = WorldHarness.microphone(Self.surroundings(world, power: speech / 4), voice: voice.map { $0 / 2 })
    let noise = zip(microphone, voice).map { $0 - $1 / 2 }
    let measured = WorldHarness.decibels(speech / 4 / WorldHarness.power(noise))
    #expect(abs(measured - Double(ratio)) <= 0.3, "\(measured) dB")
  }

  @Test("The noise is as far below the speech behind a telephone, too", arguments: sorts)
  func ratioByTelephone(sort: CallWorld.Noise.Sort) throws {
    let clip = WorldHarness.bursts(seconds: 60)
    var speech = VoicePower(isTelephone: true)
    speech.add(clip)
    let power = try #require(speech.meanSquare)
    let world = Self.world {
      $0.noise = .init(sort: sort, ratio: 10)
      $0.isTelephone = true
    }
    let silence = WorldHarness.silence(seconds: 60)
    let noise = WorldHarness.microphone(Self.surroundings(world, power: power), voice: silence)
    let measured = WorldHarness.decibels(power / WorldHarness.power(noise))
    #expect(abs(measured - 10) <= 0.3, "\(measured) dB")
  }

  @Test("White noise is as strong at every frequency, pink noise loses 3 dB an octave")
  func spectra() {
    for (sort, slope) in [(CallWorld.Noise.Sort.white, 0.0), (.pink, -3.01)] {
      let world = Self.world { $0.noise = .init(sort: sort, ratio: 0) }
      let noise = WorldHarness.microphone(Self.surroundings(world), voice: WorldHarness.silence(seconds: 20))
      let densities = [125.0, 250, 500, 1000, 2000, 4000].map {
        WorldHarness.decibels(WorldHarness.density(around: $0, in: noise))
      }
      let steps = zip(densities, densities.dropFirst()).map { $1 - $0 }
      #expect(steps.allSatisfy { abs($0 - slope) < 1 }, "\(steps)")
      #expect(abs(steps.reduce(0, +) / 5 - slope) < 0.2, "\(steps)")
    }
  }

  @Test("The echo comes at its delay and its level", arguments: [0, 1, 35, 250], [-6, -20])
  func echo(milliseconds: Int, level: Int) throws {
    let world = Self.world { $0.echo = .init(level: level, delay: .milliseconds(milliseconds)) }
    var agent = WorldHarness.silence(seconds: 1)
    for (index, sample) in WorldHarness.tone(hertz: 700, seconds: 0.1).enumerated() {
      agent[3000 + index] = sample + 100
    }
    let echo = WorldHarness.microphone(Self.surroundings(world), voice: WorldHarness.silence(seconds: 1), agent: agent)
    let start = try #require(echo.firstIndex { $0 != 0 })
    #expect(start == 3000 + milliseconds * 16)
    let heard = WorldHarness.power(echo[start..<(start + 1600)])
    let measured = WorldHarness.decibels(heard / WorldHarness.power(agent[3000..<4600]))
    #expect(abs(measured - Double(level)) < 0.05, "\(measured) dB")
  }

  @Test("A telephone passes 1 kHz and takes away 100 Hz and 5 kHz")
  func telephone() {
    let world = Self.world { $0.isTelephone = true }
    for (hertz, range) in [(100.0, -90.0 ... -20), (1000, -1.0...1), (2500, -1.0...1), (5000, -90.0 ... -20)] {
      let tone = WorldHarness.tone(hertz: hertz)
      let heard = WorldHarness.microphone(Self.surroundings(world), voice: tone)
      let loss = WorldHarness.decibels(WorldHarness.power(heard[1600...]) / WorldHarness.power(tone))
      #expect(range.contains(max(loss, -90)), "\(hertz) Hz: \(loss) dB")
    }
    let edges = [300.0, 3400].map { hertz in
      WorldHarness.amplitude(
        of: hertz,
        in: WorldHarness.microphone(Self.surroundings(world), voice: WorldHarness.tone(hertz: hertz))[1600...])
    }
    for edge in edges { #expect(abs(WorldHarness.decibels(edge * edge / 64_000_000) + 3) < 0.5, "\(edges)") }
  }

  @Test("What a telephone adds is the noise of µ-law: 35 to 42 dB below the voice")
  func telephoneNoise() {
    // No divisor of the sample rate, so that the steps it falls on change from one period to the next.
    let tone = WorldHarness.tone(hertz: 1010)
    let heard = TelephoneBand.passed(tone)[1600...]
    let amplitude = WorldHarness.amplitude(of: 1010, in: heard)
    let rest = WorldHarness.power(heard) - amplitude * amplitude / 2
    let ratio = WorldHarness.decibels(amplitude * amplitude / 2 / rest)
    #expect((35...42).contains(ratio), "\(ratio) dB")
  }

  @Test("What is too loud is cut off at full scale")
  func saturation() {
    let world = Self.world { $0.echo = .init(level: -6, delay: .zero) }
    let loud = [Int16](repeating: 32_000, count: 320)
    let low = [Int16](repeating: -32_000, count: 320)
    #expect(WorldHarness.microphone(Self.surroundings(world), voice: loud, agent: loud).allSatisfy { $0 == 32_767 })
    #expect(WorldHarness.microphone(Self.surroundings(world), voice: low, agent: low).allSatisfy { $0 == -32_768 })
  }

  @Test("The same seed gives the same samples, another seed others", arguments: sorts)
  func seeds(sort: CallWorld.Noise.Sort) {
    let world = Self.world {
      $0.noise = .init(sort: sort, ratio: 10)
      $0.echo = .init(level: -20, delay: .milliseconds(70))
      $0.isTelephone = true
    }
    let voice = WorldHarness.bursts(seconds: 2)
    let agent = WorldHarness.tone(hertz: 300, seconds: 2)
    let first = WorldHarness.microphone(Self.surroundings(world, seed: 7), voice: voice, agent: agent)
    #expect(first == WorldHarness.microphone(Self.surroundings(world, seed: 7), voice: voice, agent: agent))
    #expect(first != WorldHarness.microphone(Self.surroundings(world, seed: 8), voice: voice, agent: agent))
  }

  @Test("Without a sound to play there is no noise")
  func missingSound() {
    let voice = WorldHarness.bursts(seconds: 1)
    let world = Self.world { $0.noise = .init(sort: .babble, ratio: 0) }
    for sound in [nil, [], WorldHarness.silence(seconds: 1)] as [[Int16]?] {
      let surroundings = CallerEnvironment(world: world, seed: 1, speechPower: 1_000_000, noiseSound: sound)
      #expect(WorldHarness.microphone(surroundings, voice: voice) == voice)
    }
  }

  @Test(
    "A frame allocates nothing", .enabled(if: counts_allocations() != 0, "a sanitizer has its own allocator"),
    arguments: sorts)
  func allocations(sort: CallWorld.Noise.Sort) {
    let world = Self.world {
      $0.noise = .init(sort: sort, ratio: 10)
      $0.echo = .init(level: -20, delay: .milliseconds(70))
      $0.isTelephone = true
    }
    let surroundings = Self.surroundings(world)
    let voice = WorldHarness.tone(hertz: 300, seconds: 0.02)
    var frame = [Int16](repeating: 0, count: 320)
    let counted = voice.withUnsafeBufferPointer { voice in
      frame.withUnsafeMutableBufferPointer { frame in
        surroundings.mix(voice: voice, agent: voice, into: frame)
        let before = allocations_of_this_thread()
        for _ in 0..<100 { surroundings.mix(voice: voice, agent: voice, into: frame) }
        return allocations_of_this_thread() - before
      }
    }
    #expect(counted == 0)
  }
}
