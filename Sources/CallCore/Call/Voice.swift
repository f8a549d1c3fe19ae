/// A voice that a synthesiser can speak with.
public struct Voice: Hashable, Sendable, Identifiable {
  /// Unique over all engines, such as `heart` or `espeak:en-gb`.
  public var id: String
  /// For people to read.
  public var name: String
  /// BCP 47 tag, such as `en-US`.
  public var language: String
  /// `female`, `male` or `neutral`.
  public var gender: String
  /// One sentence on how it sounds.
  public var description: String
  /// The engine that speaks it, such as `hibari` or `espeak-ng`.
  public var engine: String
  /// The rate its engine delivers, in samples per second.
  public var sampleRate: Int
  /// Median of its fundamental frequency in plain sentences, Hz, to within 10 %; `nil` where nobody measured it.
  public var pitchHz: Int?

  /// All values as described at the properties.
  public init(
    id: String, name: String, language: String, gender: String, description: String, engine: String, sampleRate: Int,
    pitchHz: Int? = nil
  ) {
    self.id = id
    self.name = name
    self.language = language
    self.gender = gender
    self.description = description
    self.engine = engine
    self.sampleRate = sampleRate
    self.pitchHz = pitchHz
  }
}
