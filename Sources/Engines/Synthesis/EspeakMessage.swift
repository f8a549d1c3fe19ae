import CallCore
import CallDriver

/// What is asked of the child that runs eSpeak NG.
enum EspeakRequest {
  /// What it is and which languages it speaks.
  case description
  /// Sound of a text.
  case speech(String, voice: String, style: EspeakStyle)
  /// IPA phonemes of each clause.
  case phonemes([String], voice: String)

  var message: EspeakMessage {
    switch self {
    case .description: EspeakMessage(kind: 0)
    case .speech(let text, let voice, let style):
      EspeakMessage(kind: 1, texts: [text, voice], numbers: [style.wordsPerMinute, style.pitch, style.pitchRange])
    case .phonemes(let clauses, let voice): EspeakMessage(kind: 2, texts: [voice] + clauses)
    }
  }

  /// Nil for what no program of ours sends.
  init?(_ message: EspeakMessage) {
    let (texts, numbers) = (message.texts, message.numbers)
    switch (message.kind, texts.count, numbers.count) {
    case (0, 0, 0): self = .description
    case (1, 2, 3):
      var style = EspeakStyle.plain
      (style.wordsPerMinute, style.pitch, style.pitchRange) = (numbers[0], numbers[1], numbers[2])
      self = .speech(texts[0], voice: texts[1], style: style)
    case (2, 1..., 0): self = .phonemes(Array(texts.dropFirst()), voice: texts[0])
    default: return nil
    }
  }
}

/// What the child answers.
enum EspeakResponse {
  case description(EspeakDescription)
  case speech([Int16])
  case phonemes([String])
  case failure(EngineError)

  var message: EspeakMessage {
    switch self {
    case .description(let description):
      EspeakMessage(
        kind: 0,
        texts: [description.version, description.dataPath]
          + description.languages.flatMap { [$0.name, $0.tag, $0.selector] },
        numbers: [description.sampleRate])
    case .speech(let samples): EspeakMessage(kind: 1, samples: samples)
    case .phonemes(let phonemes): EspeakMessage(kind: 2, texts: phonemes)
    case .failure(.modelUnavailable(let path)): EspeakMessage(kind: 3, texts: [path])
    case .failure(.library(let function, let code)): EspeakMessage(kind: 4, texts: [function], numbers: [code])
    case .failure(let error): EspeakMessage(kind: 5, texts: [error.description])
    }
  }

  /// Nil for what is no answer: the child may be in any state when a text has confused it.
  init?(_ message: EspeakMessage) {
    let (texts, numbers) = (message.texts, message.numbers)
    switch (message.kind, texts.count, numbers.count) {
    case (0, 2..., 1) where texts.count % 3 == 2:
      let languages = stride(from: 2, to: texts.count, by: 3).map {
        EspeakLanguage(name: texts[$0], tag: texts[$0 + 1], selector: texts[$0 + 2])
      }
      self = .description(
        EspeakDescription(version: texts[0], dataPath: texts[1], sampleRate: numbers[0], languages: languages))
    case (1, 0, 0): self = .speech(message.samples)
    case (2, _, 0): self = .phonemes(texts)
    case (3, 1, 0): self = .failure(.modelUnavailable(path: texts[0]))
    case (4, 1, 1): self = .failure(.library(function: texts[0], code: numbers[0]))
    case (5, 1, 0): self = .failure(.unsupported(texts[0]))
    default: return nil
    }
  }
}

/// What eSpeak NG says about itself.
struct EspeakDescription: Sendable {
  /// Such as `1.51`.
  var version: String
  /// The folder of its data.
  var dataPath: String
  /// Samples per second of everything it speaks.
  var sampleRate: Int
  /// In its own order.
  var languages: [EspeakLanguage]
}

/// A language as eSpeak NG lists it.
struct EspeakLanguage: Sendable {
  /// For people, such as `English (America)`.
  var name: String
  /// Such as `en-us`.
  var tag: String
  /// Selects it for certain, such as `gmw/en-US`; some tags, such as `en-gb`, do not.
  var selector: String
}

/// A request or an answer as it travels: its kind and three lists, each with its length in front. Numbers have eight bytes, lowest first.
struct EspeakMessage {
  /// Which request, or which answer.
  var kind: Int
  var texts: [String] = []
  var numbers: [Int] = []
  var samples: [Int16] = []

  var bytes: [UInt8] {
    var bytes = kind.littleEndianBytes + texts.count.littleEndianBytes
    for text in texts { bytes += text.utf8.count.littleEndianBytes + Array(text.utf8) }
    for number in [numbers.count] + numbers + [samples.count] { bytes += number.littleEndianBytes }
    // Between two processes of one machine: its own order of bytes.
    samples.withUnsafeBytes { bytes += $0 }
    return bytes
  }
}

extension EspeakMessage {
  /// Nil for anything that `bytes` did not give. No count makes it take more memory than came.
  init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    func read(_ count: Int) -> ArraySlice<UInt8>? {
      guard (0...rest.count).contains(count) else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    func number() -> Int? {
      read(8).map { Int(truncatingIfNeeded: $0.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) }
    }
    func list<Item>(_ bytesMin: Int, _ item: () -> Item?) -> [Item]? {
      guard let count = number(), (0...rest.count / bytesMin).contains(count) else { return nil }
      let items = (0..<count).compactMap { _ in item() }
      return items.count == count ? items : nil
    }
    guard let kind = number(),
      let texts = list(8, { number().flatMap { read($0) }.map { String(decoding: $0, as: UTF8.self) } }),
      let numbers = list(8, number), let count = number(), (0...rest.count / 2).contains(count),
      let sound = read(2 * count)
    else { return nil }
    let samples = [Int16](unsafeUninitializedCapacity: count) { samples, written in
      sound.withUnsafeBytes { UnsafeMutableRawBufferPointer(samples).copyMemory(from: $0) }
      written = count
    }
    self.init(kind: kind, texts: texts, numbers: numbers, samples: samples)
  }
}
