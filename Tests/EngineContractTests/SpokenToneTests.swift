import CallCore
import CallDriver
import Engines
import Testing

/// Keys in sound, behind the real codecs.
@Suite("Tones behind every codec")
struct SpokenToneTests {
  private static let formats = [AudioCodec.mulaw, .alaw, .opus, .pcm16].map {
    AudioFormat(codec: $0, sampleRate: $0.defaultSampleRate)
  }
  private static let sentences = [
    "I would like to book an appointment for my mother and me.", "My number is four seven one one, five five oh nine.",
    "Beep. Please leave a message after the tone. Two, two, two, three, three.",
    "Ooh, eee, aah, oh, who knew you do too?",
  ]

  @Test("keys are found behind each of them, once each", arguments: formats)
  func keys(format: AudioFormat) throws {
    var samples = [Int16](repeating: 0, count: 3200)
    for key in "159*0#7753".compactMap({ Key($0) }) {
      var sound = KeyToneSound(key, at: .wide)
      while !sound.isOver { samples.append(sound.next()) }
    }
    #expect(try Self.heard(in: PCMBuffer(sampleRate: 16_000, samples: samples), behind: format).keys == "159*0#7753")
  }

  @Test(
    "no key and no beep is found in what our voices say, behind any of them",
    arguments: ["heart", "heart-low", "heart-bright", "heart-deep"])
  func speech(voice: Voice.ID) throws {
    let synthesizer = try EngineHarness.synthesizer(for: voice)
    for sentence in Self.sentences {
      let speech = try synthesizer.synthesize(sentence, voice: voice)
      for format in Self.formats {
        let heard = try Self.heard(in: speech, behind: format)
        #expect(heard.keys == "" && heard.beeps == 0, "\(sentence) behind \(format.codec)")
      }
    }
  }

  @Test("a beep behind a greeting is found once, behind each of them", arguments: formats)
  func beep(format: AudioFormat) throws {
    let greeting = try EngineHarness.synthesizer(for: "heart").synthesize(Self.sentences[2], voice: "heart")
    let rate = greeting.sampleRate
    var tone = SineTone(hertz: 1000, rate: rate)
    let beep = (0..<rate / 2).map { _ in Int16(6000 * tone.next()) }
    let pause = [Int16](repeating: 0, count: rate * 4 / 10)
    let line = PCMBuffer(sampleRate: rate, samples: greeting.samples + pause + beep + pause)
    #expect(try Self.heard(in: line, behind: format).beeps == 1)
  }

  /// What is heard besides speech.
  private static func heard(in sound: PCMBuffer, behind format: AudioFormat) throws -> (keys: String, beeps: Int) {
    let codecs = EngineHarness.catalog.codecs
    let speech = try codecs.makeEncoder(format).encode(sound)
    let decoder = try codecs.makeDecoder(format)
    let frame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: 320)
    defer { frame.deallocate() }
    var (detector, beepDetector) = (KeyToneDetector(), BeepDetector())
    var (keys, beeps) = ("", 0)
    for index in 0..<speech.packetCount {
      let count = try speech.lendPacket(index) { try decoder.decode($0, into: frame) }
      let samples = UnsafeBufferPointer(rebasing: frame[..<count])
      _ = detector.hear(samples) { keys.append($0.character) }
      if beepDetector.hear(samples) { beeps += 1 }
    }
    return (keys, beeps)
  }
}
