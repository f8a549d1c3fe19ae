import CallCore
import CallDriver
import Glibc
import Testing

/// Keys of a telephone, found in sound.
@Suite("Keys that are heard")
struct KeyToneDetectorTests {
  private static let rows = [697.0, 770, 852, 941]
  private static let columns = [1209.0, 1336, 1477]
  private static let keys = Array("123456789*0#")
  /// Amplitude of each tone at −9 dBm0 for both.
  private static let usual = 5800.0

  /// What is done to 80 digits.
  struct Line: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var milliseconds = 40
    var frequency = 1.0
    /// Of each tone; of the row's and the column's against that, in dB.
    var amplitude = usual
    var row = 0.0
    var column = 0.0
    /// Root mean square of what else is there.
    var noise = 0.0
    var isSpeech = false
  }

  static let lines = [
    Line(testDescription: "40 ms and 40 ms"),
    Line(testDescription: "100 ms and 100 ms", milliseconds: 100),
    Line(testDescription: "noise 20 dB below", noise: usual / 10),
    Line(testDescription: "noise 12 dB below", noise: usual / 3.98),
    Line(testDescription: "1.5 % too high", frequency: 1.015),
    Line(testDescription: "1.5 % too low", frequency: 0.985),
    // −35 dBFS for both tones together: an amplitude of 32768 · 10^(−35/20) of each, as the mean square of two is the square of one.
    Line(testDescription: "−35 dBFS", amplitude: 583),
    Line(testDescription: "row 6 dB louder", row: 3, column: -3),
    Line(testDescription: "column 6 dB louder", row: -3, column: 3),
    Line(testDescription: "over speech 12 dB below", noise: usual / 3.98, isSpeech: true),
  ]

  @Test("80 digits are found on µ-law and A-law, each once", arguments: lines, [true, false])
  func digits(line: Line, isMulaw: Bool) {
    let digits = Self.eighty
    let sound = Self.sound(of: digits, on: line)
    #expect(Self.found(Self.carried(sound, isMulaw: isMulaw)) == digits)
  }

  @Test("tones that are 3.5 % off are no keys", arguments: [1.035, 0.965], [true, false])
  func offTune(frequency: Double, isMulaw: Bool) {
    let line = Line(testDescription: "", milliseconds: 100, frequency: frequency)
    #expect(Self.found(Self.carried(Self.sound(of: Self.eighty, on: line), isMulaw: isMulaw)) == "")
  }

  @Test("behind a gap in the line the same key was pressed anew")
  func gap() {
    var detector = KeyToneDetector()
    var found = ""
    // The tones alone, at 16 kHz.
    let sound = Self.sound(of: "5", on: Line(testDescription: "", milliseconds: 100)).flatMap { [$0, $0] }[1600..<3200]
    for _ in 0..<2 {
      Array(sound).withUnsafeBufferPointer { samples in _ = detector.hear(samples) { found.append($0.character) } }
      detector.reset()
      #expect(!detector.hearsTones)
    }
    #expect(found == "55")
  }

  @Test("a key that is held for two seconds is one; the same again after 40 ms is another; a gap of 10 ms is none")
  func held() {
    let long = Line(testDescription: "", milliseconds: 2000)
    #expect(Self.found(Self.sound(of: "5", on: long)) == "5")
    #expect(Self.found(Self.sound(of: "55", on: Line(testDescription: ""))) == "55")
    var broken = Self.sound(of: "5", on: long)
    for index in 8000..<8080 { broken[index] = 0 }
    #expect(Self.found(broken) == "5")
  }

  @Test("one tone, a dial tone, silence and the keys A to D are told to nobody")
  func others() {
    #expect(Self.found(Self.tones([697])) == "")
    #expect(Self.found(Self.tones([1209])) == "")
    #expect(Self.found(Self.tones([350, 440])) == "")
    #expect(Self.found(Self.tones([697, 1633])) == "")
    #expect(Self.found(Self.tones([697, 770])) == "")
    #expect(Self.found([Int16](repeating: 0, count: 8000)) == "")
  }

  @Test("what the producer makes is found, at both rates", arguments: keys)
  func produced(key: Character) throws {
    let key = try #require(Key(key))
    for rate in [KeyToneSound.Rate.narrow, .wide] {
      var sound = KeyToneSound(key, at: rate)
      var samples: [Int16] = []
      while !sound.isOver { samples.append(sound.next()) }
      #expect(samples.count == 140 * rate.perSecond / 1000)
      let wide = rate == .wide ? samples : samples.flatMap { [$0, $0] }
      #expect(Self.heard(wide) == String(key.character))
    }
  }

  @Test("pieces of any length give the same keys")
  func pieces() {
    let wide = Self.sound(of: "4711#", on: Line(testDescription: "")).flatMap { [$0, $0] }
    for length in [1, 7, 160, 320, 333] {
      var detector = KeyToneDetector()
      var keys = ""
      for start in stride(from: 0, to: wide.count, by: length) {
        Array(wide[start..<min(start + length, wide.count)]).withUnsafeBufferPointer { piece in
          _ = detector.hear(piece) { keys.append($0.character) }
        }
      }
      #expect(keys == "4711#")
    }
  }

  // MARK: - Sound, at 8 kHz

  private static var eighty: String { String((0..<80).map { keys[($0 * 7 + $0 / 12) % 12] }) }

  private static func sound(of digits: String, on line: Line) -> [Int16] {
    var (clean, gap) = ([Double](), [Double](repeating: 0, count: line.milliseconds * 8))
    clean += gap
    for digit in digits {
      let place = keys.firstIndex(of: digit) ?? 0
      let (low, high) = (rows[place / 3] * line.frequency, columns[place % 3] * line.frequency)
      let (one, two) = (line.amplitude * pow(10, line.row / 20), line.amplitude * pow(10, line.column / 20))
      clean += gap.indices.map { index in
        let time = 2 * Double.pi * Double(index) / 8000
        return one * sin(low * time) + two * sin(high * time)
      }
      clean += gap
    }
    gap = line.isSpeech ? voice(clean.count) : noise(clean.count)
    return zip(clean, gap).map { Int16(max(-32768, min(32767, $0 + line.noise * $1))) }
  }

  private static func tones(_ frequencies: [Double]) -> [Int16] {
    (0..<8000).map { index in
      Int16(frequencies.reduce(0) { $0 + 5000 * sin(2 * Double.pi * $1 * Double(index) / 8000) })
    }
  }

  /// White, of power 1; always the same.
  private static func noise(_ count: Int) -> [Double] {
    var state: UInt64 = 7
    return (0..<count).map { _ in
      (0..<3).reduce(0) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Double(state >> 33) / 4_294_967_296 * 4 - 1
      }
    }
  }

  /// What a voice is like: a pitch that glides from 100 to 220 Hz, its harmonics falling by 6 dB an octave, in syllables; of power 1 where it is loud.
  private static func voice(_ count: Int) -> [Double] {
    var phase = 0.0
    return (0..<count).map { index in
      let time = Double(index) / 8000
      phase += 2 * Double.pi * (160 + 60 * sin(2.3 * time)) / 8000
      let syllable = max(0, sin(2 * Double.pi * 4 * time))
      return syllable * (1...15).reduce(0) { $0 + sin(Double($1) * phase) / Double($1) } * 1.13
    }
  }

  private static func carried(_ sound: [Int16], isMulaw: Bool) -> [Int16] {
    sound.map { isMulaw ? G711.sample(mulaw: G711.mulaw(of: $0)) : G711.sample(alaw: G711.alaw(of: $0)) }
  }

  private static func found(_ narrow: [Int16]) -> String { heard(narrow.flatMap { [$0, $0] }) }

  private static func heard(_ wide: [Int16]) -> String {
    var detector = KeyToneDetector()
    var keys = ""
    wide.withUnsafeBufferPointer { _ = detector.hear($0) { keys.append($0.character) } }
    return keys
  }
}
