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
    #expect(try Self.keys(in: PCMBuffer(sampleRate: 16_000, samples: samples), behind: format) == "159*0#7753")
  }

  @Test("none is found in what our voices say", arguments: ["heart", "heart-low", "heart-bright", "heart-deep"])
  func speech(voice: Voice.ID) throws {
    let synthesizer = try EngineHarness.synthesizer(for: voice)
    for sentence in Self.sentences {
      let speech = try synthesizer.synthesize(sentence, voice: voice)
      #expect(try Self.keys(in: speech, behind: Self.formats[0]) == "", "\(sentence)")
    }
  }

  private static func keys(in sound: PCMBuffer, behind format: AudioFormat) throws -> String {
    let codecs = EngineHarness.catalog.codecs
    let speech = try codecs.makeEncoder(format).encode(sound)
    let decoder = try codecs.makeDecoder(format)
    let frame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: 320)
    defer { frame.deallocate() }
    var detector = KeyToneDetector()
    var keys = ""
    for index in 0..<speech.packetCount {
      let count = try speech.lendPacket(index) { try decoder.decode($0, into: frame) }
      _ = detector.hear(UnsafeBufferPointer(rebasing: frame[..<count])) { keys.append($0.character) }
    }
    return keys
  }
}
