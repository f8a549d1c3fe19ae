package import CallCore
package import CallDriver
import JSON
import Formats

/// Matched voices in a database; see `PostgresDatabase`. Bounded by `PostgresSettings.voices`. A change is made before it is answered.
package final class PostgresMatchedVoiceStore: MatchedVoiceStore {
  private let database: PostgresDatabase

  package init(_ database: PostgresDatabase) { self.database = database }

  package func voices() throws(StoreError) -> [MatchedVoice] {
    let rows = try database.reader.rows(
      PostgresStatement("voices", "SELECT voice FROM voiceforge_voices ORDER BY number"))
    return try rows.values("a matched voice") { row throws(WireFault) in
      try MatchedVoiceArchive.voice(from: rows.bytes(row, 0))
    }
  }

  /// Adds a voice; see `MatchedVoiceStore`. One that is there with the same id is left as it is, which is no change but no trouble either.
  package func add(_ voice: MatchedVoice) throws(StoreError) -> Bool {
    let limit = database.core.settings.voices.entriesMax
    let json = MatchedVoiceArchive.json(of: voice)
    let insertion = PostgresStatement(
      "add-voice",
      """
      INSERT INTO voiceforge_voices (id, bytes, voice) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING
      RETURNING number, bytes, true
      """, [.text(voice.id), .integer(Int64(json.count + 100)), .json(json)])
    return try database.reader.change(.voices) { connection, fill, deadline throws(DatabaseFault) -> Bool in
      let added = try connection.run([insertion], until: deadline)[0]
      guard added.count == 1 else { return true }
      fill.add(added)
      return fill.entries <= limit
    }
  }

  package func remove(id: Voice.ID) throws(StoreError) -> Bool {
    let removal = PostgresStatement(
      "remove-voice", "DELETE FROM voiceforge_voices WHERE id = $1 RETURNING bytes", [.text(id)])
    return try database.reader.change(.voices) { connection, fill, deadline throws(DatabaseFault) -> Bool in
      let gone = try connection.run([removal], until: deadline)[0]
      guard gone.count == 1 else { return false }
      fill.subtract(gone)
      return true
    }
  }
}
