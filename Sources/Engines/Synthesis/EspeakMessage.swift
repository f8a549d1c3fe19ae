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

  var message: EngineMessage {
    switch self {
    case .description: EngineMessage(kind: 0)
    case .speech(let text, let voice, let style):
      EngineMessage(kind: 1, texts: [text, voice], numbers: [style.wordsPerMinute, style.pitch, style.pitchRange])
    case .phonemes(let clauses, let voice): EngineMessage(kind: 2, texts: [voice] + clauses)
    }
  }

  /// Nil for what no program of ours sends.
  init?(_ message: EngineMessage) {
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

  var message: EngineMessage {
    switch self {
    case .description(let description):
      EngineMessage(
        kind: 0,
        texts: [description.version, description.dataPath]
          + description.languages.flatMap { [$0.name, $0.tag, $0.selector] },
        numbers: [description.sampleRate])
    case .speech(let samples): EngineMessage(kind: 1, samples: samples)
    case .phonemes(let phonemes): EngineMessage(kind: 2, texts: phonemes)
    case .failure(.modelUnavailable(let path)): EngineMessage(kind: 3, texts: [path])
    case .failure(.library(let function, let code)): EngineMessage(kind: 4, texts: [function], numbers: [code])
    case .failure(let error): EngineMessage(kind: 5, texts: [error.description])
    }
  }

  /// Nil for what is no answer: the child may be in any state when a text has confused it.
  init?(_ message: EngineMessage) {
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
