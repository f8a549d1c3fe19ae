import Bounds
import CallCore
import CallDriver
import Threads
import WebSockets

/// Makes the sample of one voice.
final class SampleJob: SpeechJob {
  private let voice: Voice
  private let synthesizer: any SpeechSynthesizer
  private let place: SpeechSlot
  private let state: SpeechJobState<HTTPReply>
  private let answer: @Sendable ([UInt8]) -> HTTPResponse

  /// - Parameter answer: keeps the file, and makes the answer.
  init(
    _ voice: Voice, by synthesizer: any SpeechSynthesizer, reply: HTTPReply, place: SpeechSlot,
    answer: @escaping @Sendable ([UInt8]) -> HTTPResponse
  ) {
    self.voice = voice
    self.synthesizer = synthesizer
    self.place = place
    state = SpeechJobState(reply)
    self.answer = answer
    state.watch(reply)
  }

  var isOver: Bool { state.isGone }

  func step() -> Bool {
    state.claim()?.send(sample())
    return false
  }

  func expire() { state.claim()?.send(SpeechRefusal.expired.response(.problem)) }

  private func sample() -> HTTPResponse {
    var reason = EngineError.unsupported("there is nothing that \(voice.id) can say")
    for text in SampleText.texts(for: voice) {
      do throws(EngineError) {
        return answer(WAVFile.bytes(try synthesizer.synthesize(text, voice: voice.id)))
      } catch {
        reason = error
      }
    }
    return SpeechRefusal(reason).response(.problem)
  }
}

/// What a voice says in its sample.
enum SampleText {
  /// By language, without the region. They say: Hello, this is how I sound. How can I help you?
  private static let greetings: [Substring: String] = [
    "en": "Hello, this is how I sound. How can I help you today?",
    "de": "Guten Tag, so klinge ich. Wie kann ich Ihnen helfen?",
    "fr": "Bonjour, voici ma voix. Comment puis-je vous aider ?",
    "es": "Hola, así sueno yo. ¿En qué puedo ayudarle?",
    "it": "Buongiorno, questa è la mia voce. Come posso aiutarla?",
    "pt": "Olá, esta é a minha voz. Como posso ajudar?",
    "nl": "Hallo, zo klink ik. Hoe kan ik u helpen?",
    "sv": "Hej, så här låter jag. Hur kan jag hjälpa dig?",
    "da": "Hej, sådan lyder jeg. Hvordan kan jeg hjælpe dig?",
    "nb": "Hei, slik høres jeg ut. Hvordan kan jeg hjelpe deg?",
    "fi": "Hei, tältä kuulostan. Miten voin auttaa?",
    "pl": "Dzień dobry, tak brzmię. Jak mogę pomóc?",
    "cs": "Dobrý den, takhle zním. Jak vám mohu pomoci?",
    "hu": "Jó napot, így szól a hangom. Miben segíthetek?",
    "ro": "Bună ziua, așa sună vocea mea. Cu ce vă pot ajuta?",
    "tr": "Merhaba, sesim böyle. Size nasıl yardımcı olabilirim?",
    "ru": "Здравствуйте, так звучит мой голос. Чем могу помочь?",
    "uk": "Добрий день, так звучить мій голос. Чим можу допомогти?",
    "el": "Γεια σας, έτσι ακούγομαι. Πώς μπορώ να βοηθήσω;",
    "eo": "Saluton, tiel mi sonas. Kiel mi povas helpi?",
    "la": "Salve, haec est vox mea.",
  ]
  /// For every other language: its own numbers.
  private static let numbers = "1 2 3 4 5"
  /// For the few that have no rules for digits either.
  private static let vowels = "a e i o u"

  /// Texts in the order to try: the first that the voice can say.
  static func texts(for voice: Voice) -> [String] {
    let language = voice.language.prefix { $0 != "-" }
    return [greetings[language], numbers, vowels].compactMap { $0 }
  }
}

/// Samples of voices as WAV, bounded in bytes: the one not asked for longest goes first.
final class VoiceSampleCache: Sendable {
  private let samples: Locked<BoundedStore<Voice.ID, [UInt8]>>

  init(bytesMax: Int) { samples = Locked(BoundedStore(bytesMax: bytesMax)) }

  /// Bytes that are kept.
  var bytes: Int { samples.withLock { $0.bytes } }

  subscript(id: Voice.ID) -> [UInt8]? { samples.withLock { $0.use(id) } }

  /// One that is larger than the whole cache is not kept.
  func insert(_ file: [UInt8], of id: Voice.ID) {
    samples.withLock { samples in
      if file.count <= samples.bytesMax { samples.put(file, for: id, bytes: file.count) }
    }
  }
}
