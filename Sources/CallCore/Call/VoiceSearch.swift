/// Finds the voices that somebody may have meant.
public enum VoiceSearch {
  /// Most names that are proposed.
  public static let proposalsMax = 5
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
