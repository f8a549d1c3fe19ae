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

  package init(
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

/// How a voice is bent, in per cent of its own.
public struct SpeakingStyle: Sendable, Hashable {
  /// 50 … 200; 200 is twice as fast.
  public var ratePercent: Int
  /// 50 … 200; 50 is an octave lower.
  public var pitchPercent: Int

  /// The voice as it is.
  public static let plain = SpeakingStyle(ratePercent: 100, pitchPercent: 100)
  /// What can be asked for.
  public static let range = 50...200

  package init(ratePercent: Int = 100, pitchPercent: Int = 100) {
    self.ratePercent = ratePercent
    self.pitchPercent = pitchPercent
  }
}

/// Which voices are looked for. What is `nil` matches all.
public struct VoiceFilter: Hashable, Sendable {
  /// BCP 47 tag in any case: `en` takes `en-GB` too, `en-gb` only itself and what is longer.
  public var language: String?
  /// `female`, `male` or `neutral`.
  public var gender: String?
  /// Such as `hibari`.
  public var engine: String?

  package init(language: String? = nil, gender: String? = nil, engine: String? = nil) {
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

/// Finds the voices that somebody may have meant.
public enum VoiceSearch {
  /// Most names that are proposed.
  static let proposalsMax = 5
  /// Longest name that is compared with others; comparing takes time that grows with its length.
  private static let charactersMax = 60

  /// Ids near `name`: those that it is part of or that are spelled nearly so, and its other voices where it is a language.
  /// - Returns: at most `proposalsMax`, the nearest first; none when nothing is near.
  public static func near(_ name: String, in voices: [Voice]) -> [Voice.ID] {
    guard !name.isEmpty, name.scalarCount <= charactersMax else { return [] }
    let wanted = Array(name.lowercased().utf8)
    let ranked = voices.enumerated().compactMap { place, voice -> (distance: Int, place: Int, id: Voice.ID)? in
      let id = Array(voice.id.lowercased().utf8)
      let isPart = voice.id.lowercased().contains(name.lowercased()) || voice.name.lowercased() == name.lowercased()
      let distance = isPart ? 0 : Self.distance(wanted, id)
      return distance <= max(2, wanted.count / 3) ? (distance, place, voice.id) : nil
    }
    return ranked.sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }.prefix(proposalsMax).map(\.id)
  }

  /// Letters to change, add or leave out to make one of the other (Levenshtein).
  private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var row = Array(0...other.count)
    for (index, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let changed = diagonal + (letter == other[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(changed, row[column] + 1, row[column + 1] + 1)
      }
    }
    return row[other.count]
  }
}
