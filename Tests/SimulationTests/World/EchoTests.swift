import CallCore
import CallDriver
import Engines
import Testing

/// The voices are the engine's own, the canceller and the recogniser the real ones; everything goes through Opus, as in a call.
@Suite("A caller over the agent's echo")
struct EchoTests {
  private static let story = """
    We are open from Monday to Friday, from eight in the morning until six. On Saturdays the practice is closed, but you can always leave a message. \
    The doctor sees new patients on Tuesdays, and there is a car park behind the house, which you can use as long as you like.
    """
  private static let sentences = [
    "I would like to book an appointment for tomorrow.", "Cancel my appointment on Thursday, please.",
    "What are your opening hours on the weekend?", "My name is Mary Johnson, and I live in Bristol.",
    "Can I speak to somebody about my bill?", "Half past three in the afternoon would be best.",
    "My order has not arrived, and I have waited for two weeks.",
    "Is there a train to London after nine in the evening?",
    "Please tell the doctor that I will be ten minutes late.", "The number on the letter is four seven one one.",
    "I need a new lamp for the kitchen, a small one.", "No, thank you, that is all for today.",
  ]
  private static let format = AudioFormat(codec: .opus, sampleRate: 16_000)
  /// When the caller begins, in samples: the agent has spoken for three seconds.
  private static let start = 16_000 * 3

  private static func speech(_ text: String, _ voice: Voice.ID) throws -> [Int16] {
    try SpeechResampler.resample(SimulationEngines.catalog.synthesizer().synthesize(text, voice: voice), to: 16_000)
      .samples
  }

  private static func encoded(_ samples: [Int16]) throws -> EncodedSpeech {
    try AudioCodecCatalog().makeEncoder(format).encode(PCMBuffer(sampleRate: 16_000, samples: samples))
  }

  private static func decoded(_ speech: EncodedSpeech) throws -> [Int16] {
    let decoder = try AudioCodecCatalog().makeDecoder(format)
    var frame = [Int16](repeating: 0, count: 320)
    return try (0..<speech.packetCount).flatMap { index in
      let packet = speech.withPacket(index) { Array($0) }
      _ = try packet.withUnsafeBytes { packet in
        try frame.withUnsafeMutableBufferPointer { try decoder.decode(packet, into: $0) }
      }
      return frame
    }
  }

  /// What is left of the caller's audio while the agent speaks.
  private static func cancelled(_ heard: [Int16], agent: EncodedSpeech, _ remover: EchoRemover) -> [Int16] {
    var result = heard
    var gate = EnergyGate()
    for index in 0..<heard.count / 320 {
      let position = index * 320
      if index < agent.packetCount {
        remover.played.append(agent, packet: index, due: .zero + .milliseconds(20) * index)
      }
      result.withUnsafeMutableBufferPointer { result in
        let frame = UnsafeMutableBufferPointer(rebasing: result[position..<position + 320])
        _ = remover.cancel(in: frame, at: position)
        let isLoud = gate.isOpen(for: UnsafeBufferPointer(frame))
        _ = remover.search(UnsafeBufferPointer(frame), at: position, isLoud: isLoud)
      }
    }
    return result
  }

  @Test(
    "is understood while both talk: at most 3 % more word errors than without an echo", arguments: [30, 150])
  func bothTalk(delay: Int) throws {
    let recognizer = try SimulationEngines.catalog.recognizer()
    let agent = try Self.encoded(Self.speech(Self.story, "heart"))
    let played = try Self.decoded(agent)
    var wrong: [String] = []
    var (words, errors) = (0, (clean: 0, left: 0, echo: 0))
    for voice in ["heart-low", "heart-bright"] {
      for sentence in Self.sentences {
        let caller = try Self.speech(sentence, voice)
        let world = Self.mixed(caller, with: played, delay: delay)
        let remover = EchoRemover(cancellers: SpeexEchoCancellers()) {
          do throws(EngineError) { return try AudioCodecCatalog().makeDecoder(Self.format) } catch { return nil }
        }
        let heard = try Self.decoded(Self.encoded(world.microphone))
        let left = Self.cancelled(heard, agent: agent, remover)
        // A codec of 6.5 ms is on the way.
        #expect((0..<10).contains(try #require(remover.found).milliseconds - delay))
        func heardWords(_ sound: [Int16]) throws -> String {
          try recognizer.transcribe(Array(sound[Self.start - 4000..<Self.start + caller.count + 4000]))
        }
        func rate(_ sound: [Int16]) throws -> WordErrorRate {
          WordErrorRate(reference: sentence, heard: try heardWords(sound))
        }
        let clean = try rate(Self.decoded(Self.encoded(world.voice)))
        words += clean.referenceWords
        errors.clean += clean.errors
        let mistakes = try rate(left).errors
        errors.left += mistakes
        if mistakes > clean.errors { wrong.append("\(voice): \(try heardWords(left))") }
        errors.echo += try rate(heard).errors
      }
    }
    let rates = "\(errors.clean), \(errors.left), \(errors.echo) of \(words) words; \(wrong)"
    #expect((errors.left - errors.clean) * 100 <= words * 3, "\(rates)")
    // The echo is one that harms.
    #expect((errors.echo - errors.clean) * 10 > words, "\(rates)")
  }

  /// The caller's voice, and what the microphone hears: the agent comes back 10 dB softer.
  private static func mixed(_ caller: [Int16], with played: [Int16], delay: Int) -> (
    voice: [Int16], microphone: [Int16]
  ) {
    var voice = [Int16](repeating: 0, count: played.count)
    for (index, sample) in caller.enumerated() where start + index < voice.count { voice[start + index] = sample }
    let microphone = voice.indices.map { index in
      let before = index - delay * 16
      return Int16(clamping: Int(voice[index]) + (before < 0 ? 0 : Int(Double(played[before]) * 0.316)))
    }
    return (voice, microphone)
  }
}

extension WordErrorRate {
  fileprivate var errors: Int { substitutions + deletions + insertions }
}
