public import CallCore

/// Finds the shape in which the neural voice sits like the voice in a recording.
///
/// The neural voice says some plain sentences, and its pitch is brought to that of the recording. Then the recogniser hears what the
/// recording says, and the neural voice says the same: spectrum and time of both are compared. In the shape that was found it says the
/// plain sentences again, and its pitch is put right. At last a model that tells people apart says how alike the two are. In steps, so that no thread is held for long.
public struct VoiceMatching: Sendable {
  /// Lengths of recordings that are taken, in seconds.
  public static let seconds = 3...30
  /// Fewest words by which pace is compared.
  private static let wordsMin = 4

  /// What the pitch is compared by: the reader of a recording may have a melody of his own, and voices are used for plain talk.
  private static let plainSentences = [
    "Thank you for calling, how can I help you?", "I can offer you an appointment on Monday morning.",
    "Please tell me your name and your address.", "You will get a letter from us within a week.",
  ]

  private enum Stage {
    /// The pitch is measured and set.
    case tuning
    /// The words of the recording are found out.
    case hearing
    /// They are spoken.
    case comparing
    /// The pitch is measured in the shape that was found: other formants make other periods alike.
    case tuningAgain
    /// How alike the two voices are now is found out.
    case judging
  }

  private let recording: [Int16]
  private let parts: [Range<Int>]
  private var stage = Stage.tuning
  private var next = 0
  private var words: [String] = []
  private var sentences = plainSentences
  private var spoken: [Int16] = []
  private var shape = VoiceShape.plain
  /// Median pitch of the recording, Hz.
  public let pitchHz: Double
  private let comparer: (any SpeakerComparer)?
  /// How like the recording the shape sounds that was found; `nil` before that, and where nothing tells it.
  public private(set) var similarity: VoiceSimilarity?
  /// Why it is not known, where the model that tells it failed; the voice can be used all the same.
  public private(set) var judgingFault: EngineError?

  /// - Parameters:
  ///   - recording: 16 kHz mono.
  ///   - stretches: where somebody speaks in it.
  ///   - comparer: tells how like it the result sounds.
  /// - Throws: `.recording`.
  public init(
    _ recording: PCMBuffer, stretches: [Range<Int>], comparer: (any SpeakerComparer)? = nil
  ) throws(MatchingFault) {
    let seconds = Double(recording.microseconds) / 1_000_000
    guard seconds >= Double(Self.seconds.lowerBound), seconds <= Double(Self.seconds.upperBound) + 0.5 else {
      throw .recording(
        "the recording is \(Int(seconds)) s long; \(Self.seconds.lowerBound) to \(Self.seconds.upperBound) s are taken")
    }
    let speech = stretches.flatMap { recording.samples[$0] }
    guard let pitch = PitchMeter.median(PCMBuffer(sampleRate: recording.sampleRate, samples: speech)) else {
      throw .recording("the recording holds no voice whose pitch can be measured")
    }
    self.recording = speech
    pitchHz = pitch
    self.comparer = comparer
    parts = SegmentSplitter.split(speech)
  }

  /// Does the next step.
  /// - Returns: the shape, when it is found.
  public mutating func step(
    recognizer: any SpeechRecognizer, synthesizer: any SpeechSynthesizer, sounds: any SoundFormats
  ) throws(MatchingFault) -> VoiceShape? {
    do throws(EngineError) {
      switch stage {
      case .hearing: words.append(try recognizer.transcribe(Array(recording[parts[next]])))
      case .tuning, .tuningAgain, .comparing, .judging:
        let speech = try synthesizer.synthesize(sentences[next], shape: shape, style: .plain)
        spoken += try sounds.resample(speech, to: SoundReader.sampleRate).samples
      }
    } catch {
      throw .engine(error)
    }
    next += 1
    guard next == (stage == .hearing ? parts.count : sentences.count) else { return nil }
    return try finishStage()
  }

  private mutating func finishStage() throws(MatchingFault) -> VoiceShape? {
    defer {
      next = 0
      spoken = []
    }
    switch stage {
    case .tuning:
      shape.pitch *= try pitchFactor()
      stage = .hearing
    case .hearing:
      sentences = SpokenParagraph.pieces(of: words.joined(separator: " "))
      guard sentences.reduce(0, { $0 + $1.split(separator: " ").count }) >= Self.wordsMin else {
        throw .recording("fewer than \(Self.wordsMin) English words are understood in the recording")
      }
      stage = .comparing
    case .comparing:
      shape.pace = Self.activeTime(spoken) / max(Self.activeTime(recording), 0.1)
      if let own = VocalTract(recording), let neural = VocalTract(spoken) {
        shape.formants = own.factor(against: neural, within: VoiceShape.formantFactors)
      }
      shape = shape.clamped
      sentences = Self.plainSentences
      stage = .tuningAgain
    case .tuningAgain:
      shape.pitch *= try pitchFactor()
      shape = shape.clamped
      guard comparer != nil else { return shape }
      stage = .judging
    case .judging:
      judge()
      return shape
    }
    return nil
  }

  /// A recording with too little speech, and a model that fails, cost the figure and not the voice.
  private mutating func judge() {
    guard let comparer else { return }
    do throws(EngineError) {
      similarity = VoiceSimilarity(cosine: try comparer.similarity(of: recording, to: spoken), model: comparer.name)
    } catch .unsupported {
      similarity = nil  // less than a second of speech
    } catch {
      similarity = nil
      judgingFault = error
    }
  }

  /// By how much the recording is higher than what was spoken.
  private func pitchFactor() throws(MatchingFault) -> Double {
    let speech = PCMBuffer(sampleRate: SoundReader.sampleRate, samples: spoken)
    guard let pitch = PitchMeter.median(speech) else {
      throw .recording("the pitch of the recording is out of reach of the neural voice")
    }
    return pitchHz / pitch
  }

  /// Seconds of sound without pauses: pieces of 20 ms within 25 dB of the loud ones.
  private static func activeTime(_ samples: [Int16]) -> Double {
    let size = SoundReader.sampleRate / 50
    let powers = stride(from: 0, to: samples.count - size, by: size).map { start in
      samples[start..<(start + size)].reduce(0.0) { $0 + Double($1) * Double($1) }
    }.sorted()
    guard !powers.isEmpty else { return 0 }
    let loud = powers[powers.count * 95 / 100]
    return Double(powers.count { $0 > loud / 300 }) * 0.02
  }
}

/// Why a voice could not be matched to a recording.
public enum MatchingFault: Error, Sendable, Equatable {
  /// The recording will not do; says what is wrong with it.
  case recording(String)
  /// An engine failed.
  case engine(EngineError)
}
