extension Migration {
  /// Keys, flows with their versions, and matched voices.
  ///
  /// What changes of a key has columns of its own; the rest, salt and digest among it, is the JSON of `KeyArchive`. A flow's row says how
  /// large all its versions are, so that flows are counted like everything else, and what the server's folder gave last.
  static let keys = Migration(
    version: 3, title: "keys, flows and matched voices",
    statements: [
      "INSERT INTO voiceforge_shelves VALUES ('keys', 0, 0, 0), ('flows', 0, 0, 0), ('voices', 0, 0, 0)",
      """
      CREATE TABLE voiceforge_keys (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        kept_at timestamptz NOT NULL DEFAULT now(),
        bytes bigint NOT NULL,
        revoked_at_us bigint,
        used_at_us bigint,
        key jsonb NOT NULL
      )
      """,
      """
      CREATE TABLE voiceforge_flows (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL UNIQUE,
        kept_at timestamptz NOT NULL DEFAULT now(),
        version bigint NOT NULL,
        bytes bigint NOT NULL,
        folder_text text
      )
      """,
      """
      CREATE TABLE voiceforge_flow_versions (
        flow bigint NOT NULL REFERENCES voiceforge_flows (number) ON DELETE CASCADE,
        version bigint NOT NULL,
        saved_at_us bigint NOT NULL,
        bytes bigint NOT NULL,
        text text NOT NULL,
        PRIMARY KEY (flow, version)
      )
      """,
      """
      CREATE TABLE voiceforge_voices (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        kept_at timestamptz NOT NULL DEFAULT now(),
        bytes bigint NOT NULL,
        voice jsonb NOT NULL
      )
      """,
    ])
}
