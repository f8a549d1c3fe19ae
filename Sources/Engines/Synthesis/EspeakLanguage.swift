/// A language as eSpeak NG lists it.
struct EspeakLanguage: Sendable {
  /// For people, such as `English (America)`.
  var name: String
  /// Such as `en-us`.
  var tag: String
  /// Selects it for certain, such as `gmw/en-US`; some tags, such as `en-gb`, do not.
  var selector: String
}
