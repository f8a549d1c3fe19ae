import CallCore
import CallDriver
import Glibc
import Testing

/// Beeps of answering machines, found in sound.
@Suite("Beeps")
struct BeepDetectorTests {
  @Test(
    "48 beeps behind a greeting are found, once each, when they are over, behind both laws",
    arguments: [440.0, 620, 800, 1000, 1400, 2000], [250, 400, 700, 1000])
  func beeps(frequency: Double, milliseconds: Int) {
    for (decibels, isMulaw) in [(15.0, true), (25, true), (15, false), (25, false)] {
      let noise = 5000 / 2.0.squareRoot() / pow(10, decibels / 20)
      let greeting = Self.voice(16_000)
      let beep = Self.tone(frequency, milliseconds)
      let line = greeting + Self.silence(2400) + beep + Self.silence(8000)
      let found = Self.found(Self.carried(line, noise: noise, isMulaw: isMulaw))
      let end = (greeting.count + 2400 + beep.count) / 8
      #expect(found.count == 1, "\(decibels) dB: \(found)")
      #expect(found.allSatisfy { (end + 60...end + 180).contains($0) }, "\(decibels) dB: \(found), over at \(end)")
    }
  }

  @Test(
    "what is no beep is none: too short, too long, gliding, two tones, a key, a voice, a tone that goes on as another")
  func others() throws {
    #expect(Self.found(Self.tone(1000, 100) + Self.silence(8000)) == [])
    #expect(Self.found(Self.tone(425, 3000) + Self.silence(8000)) == [])
    #expect(Self.found(Self.tone(1000, 500)) == [])
    let two = zip(Self.tone(1400, 500), Self.tone(2060, 500)).map { ($0 + $1) / 2 }
    #expect(Self.found(two + Self.silence(8000)) == [])
    var phase = 0.0
    let glide = (0..<4000).map { index in
      phase += 2 * Double.pi * (600 + Double(index) / 8) / 8000
      return Int16(5000 * sin(phase))
    }
    #expect(Self.found(glide + Self.silence(8000)) == [])
    #expect(Self.found(Self.voice(40_000) + Self.silence(8000)) == [])
    let melody = [440.0, 660, 880, 440].flatMap { Self.tone($0, 300) }
    #expect(Self.found(melody + Self.voice(8000)) == [])
    var key = KeyToneSound(try #require(Key("5")), at: .narrow)
    #expect(Self.found((0..<800).map { _ in key.next() } + Self.silence(8000)) == [])
  }

  @Test("a tone of any frequency is heard without harm, and outside 380 to 2250 Hz it is no beep")
  func everyFrequency() {
    for frequency in 100...3999 {
      let found = Self.found(Self.tone(Double(frequency), 220) + Self.silence(1600))
      #expect(found.isEmpty || (370...2265).contains(frequency), "\(frequency) Hz: \(found)")
      #expect(!found.isEmpty || !(400...2240).contains(frequency), "\(frequency) Hz")
    }
    #expect(Self.found(Self.silence(8000)) == [])
  }

  // MARK: - Sound, at 8 kHz

  private static func tone(_ frequency: Double, _ milliseconds: Int) -> [Int16] {
    (0..<milliseconds * 8).map { Int16(5000 * sin(2 * Double.pi * frequency * Double($0) / 8000)) }
  }

  private static func silence(_ count: Int) -> [Int16] { [Int16](repeating: 0, count: count) }

  /// What a voice is like: a pitch that glides, its harmonics falling by 6 dB an octave, in syllables.
  private static func voice(_ count: Int) -> [Int16] {
    var phase = 0.0
    return (0..<count).map { index in
      let time = Double(index) / 8000
      phase += 2 * Double.pi * (160 + 60 * sin(2.3 * time)) / 8000
      let syllable = max(0, sin(2 * Double.pi * 4 * time))
      return Int16(4000 * syllable * (1...15).reduce(0) { $0 + sin(Double($1) * phase) / Double($1) })
    }
  }

  /// Behind µ-law or A-law, with white noise of this root mean square.
  private static func carried(_ sound: [Int16], noise: Double, isMulaw: Bool) -> [Int16] {
    var state: UInt64 = 7
    return sound.map { sample in
      let white = (0..<3).reduce(0.0) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Double(state >> 33) / 4_294_967_296 * 4 - 1
      }
      let noisy = Int16(max(-32768, min(32767, Double(sample) + noise * white)))
      return isMulaw ? G711.sample(mulaw: G711.mulaw(of: noisy)) : G711.sample(alaw: G711.alaw(of: noisy))
    }
  }

  /// When beeps were found to be over, in milliseconds.
  private static func found(_ narrow: [Int16]) -> [Int] {
    var detector = BeepDetector()
    var places: [Int] = []
    for start in stride(from: 0, to: narrow.count, by: 80) {
      let wide = narrow[start..<min(start + 80, narrow.count)].flatMap { [$0, $0] }
      if wide.withUnsafeBufferPointer({ detector.hear($0) }) { places.append(start / 8 + 10) }
    }
    return places
  }
}
