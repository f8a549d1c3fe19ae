import CallCore

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
