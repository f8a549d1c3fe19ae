extension Migration {
  /// Test cases and their runs.
  static let tests = Migration(
    version: 2, title: "test cases and runs",
    statements: [
      "INSERT INTO voiceforge_shelves VALUES ('cases', 0, 0, 0), ('runs', 0, 0, 0)",
      """
      CREATE TABLE voiceforge_cases (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        kept_at timestamptz NOT NULL DEFAULT now(),
        bytes bigint NOT NULL,
        test_case jsonb NOT NULL
      )
      """,
      """
      CREATE TABLE voiceforge_runs (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        test_id text NOT NULL,
        status text NOT NULL,
        kept_at timestamptz NOT NULL DEFAULT now(),
        bytes bigint NOT NULL,
        run jsonb NOT NULL,
        transcript jsonb NOT NULL
      )
      """,
      "CREATE INDEX voiceforge_runs_kept ON voiceforge_runs (kept_at)",
    ])
}
