/// Which voices are looked for. What is `nil` matches all.
public struct VoiceFilter: Hashable, Sendable {
  /// BCP 47 tag in any case: `en` takes `en-GB` too, `en-gb` only itself and what is longer.
  public var language: String?
  /// `female`, `male` or `neutral`.
  public var gender: String?
  /// Such as `hibari`.
  public var engine: String?

  /// See the properties.
  public init(language: String? = nil, gender: String? = nil, engine: String? = nil) {
    self.language = language?.lowercased()
    self.gender = gender?.lowercased()
    self.engine = engine?.lowercased()
  }

  /// Whether `voice` is one of them.
  public func matches(_ voice: Voice) -> Bool {
    if let gender, voice.gender != gender { return false }
    if let engine, voice.engine != engine { return false }
    guard let language else { return true }
    let tag = voice.language.lowercased()
    return tag == language || tag.hasPrefix(language + "-")
  }
}
