import CallCore
import CallDriver

/// Gives words a caller's voice: 16 kHz mono.
struct CallerVoice {
  /// A drawn-out word is spoken at this share of the caller's pace.
  static let lengthenedPercent = 60

  let synthesizer: any SpeechSynthesizer
  let codecs: any AudioCodecFactory
  let cache: CallerSpeechCache
  let voice: Voice.ID
  let style: SpeakingStyle

  /// Says the pieces one after the other; those between two silences in one breath.
  /// - Returns: the sound, and where each piece lies. Inside a breath, time is shared out by letters.
  func say(_ pieces: [SpokenPiece]) throws(EngineError) -> (sound: [Int16], pieces: [CallerAct.PlacedPiece]) {
    var sound: [Int16] = []
    var placed: [CallerAct.PlacedPiece] = []
    var breath: [SpokenPiece] = []
    for piece in pieces {
      switch piece {
      case .words, .filler, .stumble: breath.append(piece)
      case .lengthened(let word):
        try sayBreath(&breath, &sound, &placed)
        var samples: [Int16] = []
        for part in SentenceSplitter.sentences(of: TextNormalizer.spoken(word, voice: voice)) {
          samples += try speech(part, percent: Self.lengthenedPercent)
        }
        try add(samples, of: [piece], &sound, &placed)
      case .pause(let length):
        try sayBreath(&breath, &sound, &placed)
        let silence = [Int16](repeating: 0, count: Int(length.microseconds * 16 / 1000))
        try add(silence, of: [piece], &sound, &placed)
      }
    }
    try sayBreath(&breath, &sound, &placed)
    return (sound, placed)
  }

  private func sayBreath(
    _ breath: inout [SpokenPiece], _ sound: inout [Int16], _ placed: inout [CallerAct.PlacedPiece]
  ) throws(EngineError) {
    guard !breath.isEmpty else { return }
    var samples: [Int16] = []
    let words = TextNormalizer.spoken(Self.text(of: breath), voice: voice)
    for sentence in SentenceSplitter.sentences(of: words) { samples += try speech(sentence) }
    try add(samples, of: breath, &sound, &placed)
    breath = []
  }

  /// Fillers and stumbles are set off by commas, as a synthesiser reads them best.
  private static func text(of breath: [SpokenPiece]) -> String {
    var text = ""
    var needsComma = false
    for piece in breath {
      let words = [piece].wording
      if case .words = piece {
        text += (text.isEmpty ? "" : needsComma ? ", " : " ") + words
        needsComma = false
      } else {
        text += (text.isEmpty ? "" : ", ") + words
        needsComma = true
      }
    }
    return text
  }

  private func add(
    _ samples: [Int16], of pieces: [SpokenPiece], _ sound: inout [Int16], _ placed: inout [CallerAct.PlacedPiece]
  ) throws(EngineError) {
    let letters = pieces.map { max([$0].wording.utf8.count, 1) }
    let all = letters.reduce(0, +)
    var before = 0
    for (piece, count) in zip(pieces, letters) {
      let first = sound.count + samples.count * before / all
      let last = sound.count + samples.count * (before + count) / all
      let span = SpeechSpan(start: .zero + CallTracks.length(first), end: .zero + CallTracks.length(last))
      placed.append(.init(piece: piece, span: span))
      before += count
    }
    sound += samples
  }

  private func speech(_ text: String, percent: Int = 100) throws(EngineError) -> [Int16] {
    let range = SpeakingStyle.range
    let rate = min(max(style.ratePercent * percent / 100, range.lowerBound), range.upperBound)
    let style = SpeakingStyle(ratePercent: rate, pitchPercent: style.pitchPercent)
    let key = CallerSpeechCache.Key(text: text, voice: voice, style: style)
    if let samples = cache[key] { return samples }
    let samples = try SoundFormat.samples(of: synthesizer.synthesize(text, voice: voice, style: style), codecs: codecs)
    cache.insert(samples, for: key)
    return samples
  }
}

/// Brings sound to the rate that everything here is reckoned in.
enum SoundFormat {
  /// The same sound as 16 kHz samples, by the codecs' own resampler.
  static func samples(of sound: PCMBuffer, codecs: any AudioCodecFactory) throws(EngineError) -> [Int16] {
    if sound.sampleRate == CallTracks.sampleRate { return sound.samples }
    let format = AudioFormat(codec: .pcm16, sampleRate: CallTracks.sampleRate)
    let encoded = try codecs.makeEncoder(format).encode(sound)
    return encoded.bytes.withUnsafeBytes { bytes in
      (0..<(bytes.count / 2)).map {
        Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 2, as: Int16.self))
      }
    }
  }
}
