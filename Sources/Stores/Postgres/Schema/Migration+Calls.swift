extension Migration {
  /// The history of calls.
  ///
  /// `voiceforge_shelves`, later renamed to `voiceforge_quotas`, holds how full each store is, so that nobody has to count rows;
  /// whoever writes locks its row first, which also
  /// lets one server write after the other. What is filtered on has columns of its own; the values themselves are the JSON of
  /// `Formats/Archive`. Indexes take the beginning of a text only, because a row of an index has room for 2704 bytes. Recordings
  /// stand in a table of their own, so that lists do not read them, and are not compressed again.
  static let calls = Migration(
    version: 1, title: "calls and recordings",
    statements: [
      """
      CREATE TABLE voiceforge_shelves (
        name text PRIMARY KEY,
        entries bigint NOT NULL,
        bytes bigint NOT NULL,
        last_number bigint NOT NULL
      )
      """,
      "INSERT INTO voiceforge_shelves VALUES ('calls', 0, 0, 0)",
      """
      CREATE TABLE voiceforge_calls (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        flow text NOT NULL,
        outcome text NOT NULL,
        reason text,
        started_at timestamptz NOT NULL,
        kept_at timestamptz NOT NULL DEFAULT now(),
        bytes bigint NOT NULL,
        has_recording boolean NOT NULL,
        latency_p50_us bigint,
        record jsonb NOT NULL,
        course jsonb NOT NULL
      )
      """,
      "CREATE INDEX voiceforge_calls_flow ON voiceforge_calls (left(flow, 100), number)",
      "CREATE INDEX voiceforge_calls_outcome ON voiceforge_calls (left(outcome, 100), number)",
      "CREATE INDEX voiceforge_calls_reason ON voiceforge_calls (reason, number)",
      "CREATE INDEX voiceforge_calls_kept ON voiceforge_calls (kept_at)",
      """
      CREATE TABLE voiceforge_recordings (
        call bigint PRIMARY KEY REFERENCES voiceforge_calls (number) ON DELETE CASCADE,
        sound bytea NOT NULL
      )
      """,
      "ALTER TABLE voiceforge_recordings ALTER COLUMN sound SET STORAGE EXTERNAL",
    ])
}
