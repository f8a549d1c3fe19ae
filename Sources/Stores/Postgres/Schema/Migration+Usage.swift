extension Migration {
  /// What was used by key and day. Each node has rows of its own, which it replaces; `key` is empty for what needed none.
  static let usage = Migration(
    version: 4, title: "usage",
    statements: [
      "INSERT INTO voiceforge_shelves VALUES ('usage', 0, 0, 0)",
      """
      CREATE TABLE voiceforge_usage (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        day date NOT NULL,
        key text NOT NULL,
        node text NOT NULL,
        kept_at timestamptz NOT NULL DEFAULT now(),
        bytes bigint NOT NULL,
        calls bigint NOT NULL,
        refused_calls bigint NOT NULL,
        call_us bigint NOT NULL,
        turns bigint NOT NULL,
        recognized_us bigint NOT NULL,
        synthesized_characters bigint NOT NULL,
        synthesized_us bigint NOT NULL,
        cache_hits bigint NOT NULL,
        UNIQUE (day, key, node)
      )
      """,
      "CREATE INDEX voiceforge_usage_kept ON voiceforge_usage (kept_at)",
    ])
}
