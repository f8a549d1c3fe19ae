import CallCore

/// What is asked of the child that runs eSpeak NG.
enum EspeakRequest: Equatable {
  /// What it is and which languages it speaks.
  case description
  /// Sound of a text.
  case speech(String, voice: String, style: EspeakStyle)
  /// IPA phonemes of each clause.
  case phonemes([String], voice: String)

  var bytes: [UInt8] {
    var writer = MessageWriter()
    switch self {
    case .description: writer.write(0)
    case .speech(let text, let voice, let style):
      writer.write(1)
      writer.write([text, voice])
      for number in [style.wordsPerMinute, style.pitch, style.pitchRange] { writer.write(number) }
    case .phonemes(let clauses, let voice):
      writer.write(2)
      writer.write([voice] + clauses)
    }
    return writer.bytes
  }

  /// Nil for what no program of ours sends.
  init?(_ bytes: [UInt8]) {
    var reader = MessageReader(bytes)
    switch reader.number() {
    case 0: self = .description
    case 1:
      guard let words = reader.texts(), words.count == 2, let rate = reader.number(), let pitch = reader.number(),
        let range = reader.number()
      else { return nil }
      var style = EspeakStyle.plain
      (style.wordsPerMinute, style.pitch, style.pitchRange) = (rate, pitch, range)
      self = .speech(words[0], voice: words[1], style: style)
    case 2:
      guard let words = reader.texts(), let voice = words.first else { return nil }
      self = .phonemes(Array(words.dropFirst()), voice: voice)
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

  var bytes: [UInt8] {
    var writer = MessageWriter()
    switch self {
    case .description(let description):
      writer.write(0)
      writer.write(description.sampleRate)
      writer.write([description.version, description.dataPath])
      writer.write(description.languages.flatMap { [$0.name, $0.tag, $0.selector] })
    case .speech(let samples):
      writer.write(1)
      writer.write(samples)
    case .phonemes(let phonemes):
      writer.write(2)
      writer.write(phonemes)
    case .failure(.modelUnavailable(let path)):
      writer.write(3)
      writer.write([path])
    case .failure(.library(let function, let code)):
      writer.write(4)
      writer.write([function])
      writer.write(code)
    case .failure(let error):
      writer.write(5)
      writer.write([error.description])
    }
    return writer.bytes
  }

  /// Nil for what is no answer: the child may be in any state when a text has confused it.
  init?(_ bytes: [UInt8]) {
    var reader = MessageReader(bytes)
    switch reader.number() {
    case 0:
      guard let description = EspeakDescription(&reader) else { return nil }
      self = .description(description)
    case 1:
      guard let samples = reader.samples() else { return nil }
      self = .speech(samples)
    case 2:
      guard let phonemes = reader.texts() else { return nil }
      self = .phonemes(phonemes)
    case 3:
      guard let path = reader.texts()?.first else { return nil }
      self = .failure(.modelUnavailable(path: path))
    case 4:
      guard let function = reader.texts()?.first, let code = reader.number() else { return nil }
      self = .failure(.library(function: function, code: code))
    case 5:
      guard let what = reader.texts()?.first else { return nil }
      self = .failure(.unsupported(what))
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

extension EspeakDescription {
  init?(_ reader: inout MessageReader) {
    guard let rate = reader.number(), let names = reader.texts(), names.count == 2, let words = reader.texts(),
      words.count.isMultiple(of: 3)
    else { return nil }
    let languages = stride(from: 0, to: words.count, by: 3).map {
      EspeakLanguage(name: words[$0], tag: words[$0 + 1], selector: words[$0 + 2])
    }
    self.init(version: names[0], dataPath: names[1], sampleRate: rate, languages: languages)
  }
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

/// Writes values one after the other; `MessageReader` reads them in the same order. Numbers have eight bytes, lowest first.
struct MessageWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ number: Int) { withUnsafeBytes(of: Int64(number).littleEndian) { bytes += $0 } }

  mutating func write(_ texts: [String]) {
    write(texts.count)
    for text in texts {
      write(text.utf8.count)
      bytes += text.utf8
    }
  }

  mutating func write(_ samples: [Int16]) {
    write(samples.count)
    // Between two processes of one machine: its own order of bytes.
    samples.withUnsafeBytes { bytes += $0 }
  }
}

/// Reads what `MessageWriter` wrote. Gives nil for anything else and reads nothing behind the end.
struct MessageReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func number() -> Int? {
    guard let bytes = readBytes(8) else { return nil }
    return Int(truncatingIfNeeded: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  mutating func texts() -> [String]? {
    // Each text has eight bytes at least: no count makes us take more memory than came.
    guard let count = number(), (0...rest.count / 8).contains(count) else { return nil }
    var texts: [String] = []
    for _ in 0..<count {
      guard let length = number(), let bytes = readBytes(length) else { return nil }
      texts.append(String(decoding: bytes, as: UTF8.self))
    }
    return texts
  }

  mutating func samples() -> [Int16]? {
    guard let count = number(), (0...rest.count / 2).contains(count), let bytes = readBytes(2 * count) else {
      return nil
    }
    return [Int16](unsafeUninitializedCapacity: count) { samples, written in
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(samples).copyMemory(from: $0) }
      written = count
    }
  }

  private mutating func readBytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard (0...rest.count).contains(count) else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
