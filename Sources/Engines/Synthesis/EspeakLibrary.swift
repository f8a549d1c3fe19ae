import CEspeakNG
import CallCore
import CallDriver
import Glibc
import Threads

/// eSpeak NG, which keeps its state in global variables: there is one of it in a process, behind one lock (4.5 ms per
/// sentence, 0.15 ms for phonemes). Opening it sets the process' `LC_CTYPE` to UTF-8. Only the child uses it (`EspeakService`): texts of
/// strangers end its process.
final class EspeakLibrary: Sendable {
  /// The one of this process. Debian's package provides library and data.
  static let shared: Result<EspeakLibrary, EngineError> = Result { () throws(EngineError) in try EspeakLibrary() }

  /// Longest speech of one call: 120 s. 500 characters last about 40 s.
  private static let secondsMax = 120

  /// Samples per second of everything it speaks.
  let sampleRate: Int
  /// The folder of its data.
  let dataPath: String
  /// The voice selected last; the lock also guards the library.
  private let selected = Locked("")

  private init() throws(EngineError) {
    var path: UnsafePointer<CChar>?
    let rate = espeak_open(&path)
    dataPath = path.map { String(cString: $0) } ?? "espeak-ng-data"
    guard rate > 0 else { throw .modelUnavailable(path: dataPath) }
    sampleRate = Int(rate)
  }

  /// Speaks `text` with the voice that `voice` selects, such as `gmw/en-US+f3`.
  func speak(_ text: String, voice: String, style: EspeakStyle) throws(EngineError) -> [Int16] {
    let limit = sampleRate * Self.secondsMax
    return try withVoice(voice) { () throws(EngineError) in
      try set(style)
      var samples: UnsafeMutablePointer<Int16>?
      var count = 0
      let code = espeak_speak(text, limit, &samples, &count)
      guard code == 0 else { throw .library(function: "espeak_Synth", code: Int(code)) }
      defer { free(samples) }
      return Array(UnsafeBufferPointer(start: samples, count: count))
    }
  }

  /// The IPA phonemes of `text` as `voice` would say it; numbers, times and abbreviations are read out.
  func phonemes(of text: String, voice: String) throws(EngineError) -> String {
    try withVoice(voice) { () throws(EngineError) in
      guard let phonemes = espeak_phonemes(text) else { throw .library(function: "espeak_TextToPhonemes", code: 0) }
      defer { free(phonemes) }
      return String(cString: phonemes)
    }
  }

  /// What it is and which languages it speaks.
  var description: EspeakDescription {
    EspeakDescription(
      version: String(cString: espeak_version()), dataPath: dataPath, sampleRate: sampleRate, languages: languages())
  }

  private func languages() -> [EspeakLanguage] {
    selected.withLock { _ in
      var languages: [EspeakLanguage] = []
      guard var voice = espeak_voices() else { return languages }
      while let entry = voice.pointee?.pointee {
        // `languages` holds pairs of a priority byte and a tag; the first pair is the voice's own.
        languages.append(
          EspeakLanguage(
            name: String(cString: entry.name), tag: String(cString: entry.languages + 1),
            selector: String(cString: entry.identifier)))
        voice += 1
      }
      return languages
    }
  }

  /// Set for every text, the plain style too: eSpeak 1.51 keeps the speed of a voice that has one of its own (`speed 80` of Lojban, and
  /// 95 of Russian) for the voices that are selected after it, until the rate is set.
  private func set(_ style: EspeakStyle) throws(EngineError) {
    let code = espeak_set_style(Int32(style.wordsPerMinute), Int32(style.pitch), Int32(style.pitchRange))
    guard code == 0 else { throw .library(function: "espeak_SetParameter", code: Int(code)) }
  }

  private func withVoice<Value: Sendable>(
    _ voice: String, _ body: () throws(EngineError) -> Value
  ) throws(EngineError) -> Value {
    let outcome = selected.withLock { current -> Result<Value, EngineError> in
      if current != voice {
        let code = espeak_select(voice)
        guard code == 0 else {
          current = ""
          return .failure(.library(function: "espeak_SetVoiceByName", code: Int(code)))
        }
        current = voice
      }
      return Result(catching: body)
    }
    return try outcome.get()
  }
}
