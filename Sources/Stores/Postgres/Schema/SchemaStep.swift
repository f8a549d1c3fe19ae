/// One step of the tables from one version to the next. A step that was ever released is never changed: a mistake in it is mended by
/// another step.
struct SchemaStep: Sendable {
  /// The version of the tables behind it: 1 and up, without a gap.
  let version: Int
  /// For people.
  let title: String
  /// In order, in one transaction.
  let statements: [String]

  /// All steps, oldest first.
  static let all = [calls, tests, keys, usage, quotas, telephony, modelUsage, nodeFlows, tokenKeys, queue, loads]
  /// The version that this program works with.
  static let newest = all.count
}

extension SchemaStep {
  /// The order in which the things of a table came.
  private static let numbered = "number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
  /// What every table of things has, so that they are counted and grow too old.
  private static let kept = "kept_at timestamptz NOT NULL DEFAULT now(), bytes bigint NOT NULL"

  /// The history of calls.
  ///
  /// `voiceforge_shelves`, later renamed to `voiceforge_quotas`, holds how full each store is, so that nobody has to count rows; whoever
  /// writes locks its row first, which also lets one server write after the other. What is filtered on has columns of its own; the values themselves are the JSON of
  /// `Formats/Archive`. Indexes take the beginning of a text only, because a row of an index has room for 2704 bytes. Recordings
  /// stand in a table of their own, so that lists do not read them, and are not compressed again.
  static let calls = SchemaStep(
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
        \(numbered), id text NOT NULL UNIQUE,
        flow text NOT NULL,
        outcome text NOT NULL,
        reason text,
        started_at timestamptz NOT NULL,
        \(kept),
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

  /// Test cases and their runs.
  static let tests = SchemaStep(
    version: 2, title: "test cases and runs",
    statements: [
      "INSERT INTO voiceforge_shelves VALUES ('cases', 0, 0, 0), ('runs', 0, 0, 0)",
      """
      CREATE TABLE voiceforge_cases (
        \(numbered), id text NOT NULL UNIQUE,
        \(kept),
        test_case jsonb NOT NULL
      )
      """,
      """
      CREATE TABLE voiceforge_runs (
        \(numbered), id text NOT NULL UNIQUE,
        test_id text NOT NULL,
        status text NOT NULL,
        \(kept),
        run jsonb NOT NULL,
        transcript jsonb NOT NULL
      )
      """,
      "CREATE INDEX voiceforge_runs_kept ON voiceforge_runs (kept_at)",
    ])

  /// Keys, flows with their versions, and matched voices.
  ///
  /// What changes of a key has columns of its own; the rest, salt and digest among it, is the JSON of `KeyArchive`. A flow's row says how
  /// large all its versions are, so that flows are counted like everything else, and what the server's folder gave last.
  static let keys = SchemaStep(
    version: 3, title: "keys, flows and matched voices",
    statements: [
      "INSERT INTO voiceforge_shelves VALUES ('keys', 0, 0, 0), ('flows', 0, 0, 0), ('voices', 0, 0, 0)",
      """
      CREATE TABLE voiceforge_keys (
        \(numbered), id text NOT NULL UNIQUE,
        \(kept),
        revoked_at_us bigint,
        used_at_us bigint,
        key jsonb NOT NULL
      )
      """,
      """
      CREATE TABLE voiceforge_flows (
        \(numbered),
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
        \(numbered), id text NOT NULL UNIQUE,
        \(kept),
        voice jsonb NOT NULL
      )
      """,
    ])

  /// What was used by key and day. Each node has rows of its own, which it replaces; `key` is empty for what needed none.
  static let usage = SchemaStep(
    version: 4, title: "usage",
    statements: [
      "INSERT INTO voiceforge_shelves VALUES ('usage', 0, 0, 0)",
      """
      CREATE TABLE voiceforge_usage (
        \(numbered),
        day date NOT NULL,
        key text NOT NULL,
        node text NOT NULL,
        \(kept),
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

  /// The table that says how full each store is gets the name of what it is.
  static let quotas = SchemaStep(
    version: 5, title: "quotas", statements: ["ALTER TABLE voiceforge_shelves RENAME TO voiceforge_quotas"])

  /// What keys have for their telephone calls. `resource` is the JSON of `Formats/Archive`, credentials as they are sealed; `unique_text` is
  /// what no other row may have, if anything, and `group_text` what lists filter by.
  ///
  /// The numbers on a campaign's list have rows of their own, so that each is claimed once before it is dialed; `runner` is the run of the
  /// server that may claim them, until its lease is over.
  static let telephony = SchemaStep(
    version: 6, title: "telephone accounts, numbers, calls and campaigns",
    statements: ["providers", "numbers", "campaigns", "phonecalls"].flatMap(resources) + [
      "ALTER TABLE voiceforge_campaigns ADD runner text, ADD leased_until timestamptz",
      """
      CREATE TABLE voiceforge_campaign_numbers (
        campaign bigint NOT NULL REFERENCES voiceforge_campaigns (number) ON DELETE CASCADE,
        position integer NOT NULL,
        phone text NOT NULL,
        state text NOT NULL DEFAULT 'waiting',
        call_id text,
        reason text,
        PRIMARY KEY (campaign, position)
      )
      """,
      "CREATE INDEX voiceforge_campaign_numbers_phone ON voiceforge_campaign_numbers (phone)",
      "CREATE INDEX voiceforge_phonecalls_kept ON voiceforge_phonecalls (kept_at)",
      "CREATE INDEX voiceforge_phonecalls_from ON voiceforge_phonecalls ((resource->>'from'))",
      "CREATE INDEX voiceforge_calls_from ON voiceforge_calls (left(record->'metadata'->>'from', 40))",
      "CREATE INDEX voiceforge_calls_to ON voiceforge_calls (left(record->'metadata'->>'to', 40))",
      "CREATE INDEX voiceforge_phonecalls_to ON voiceforge_phonecalls ((resource->>'to'))",
    ])

  /// What was asked of a language model; what is older asked nothing.
  static let modelUsage = SchemaStep(
    version: 7, title: "usage of language models",
    statements: [
      """
      ALTER TABLE voiceforge_usage ADD model_requests bigint NOT NULL DEFAULT 0,
        ADD prompt_tokens bigint NOT NULL DEFAULT 0, ADD answer_tokens bigint NOT NULL DEFAULT 0
      """
    ])

  /// Flows of nodes; `resource` is the JSON of `NodeFlowArchive`.
  static let nodeFlows = SchemaStep(version: 8, title: "flows of nodes", statements: resources("nodeflows"))

  /// Keys that sign call tokens; two at most, of which the newer one is made at the earliest a day after the other.
  static let tokenKeys = SchemaStep(
    version: 9, title: "keys of call tokens",
    statements: [
      """
      CREATE TABLE voiceforge_token_keys (
        \(numbered),
        made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        secret bytea NOT NULL
      )
      """
    ])

  /// Runs of simulated calls in chunks, as `ChunkQueue` has them. A run's rows go with it; what is written often has room beside it in its page.
  static let queue = SchemaStep(
    version: 10, title: "queue of simulated calls",
    statements: [
      """
      CREATE TABLE voiceforge_queue_runs (
        \(numbered), id text NOT NULL UNIQUE,
        program text NOT NULL,
        calls integer NOT NULL,
        chunk_calls integer NOT NULL,
        document bytea NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
      ) WITH (fillfactor = 70)
      """,
      """
      CREATE TABLE voiceforge_queue_chunks (
        \(numbered),
        run bigint NOT NULL REFERENCES voiceforge_queue_runs (number) ON DELETE CASCADE,
        first_place integer NOT NULL,
        calls integer NOT NULL,
        state text NOT NULL DEFAULT 'waiting',
        worker text,
        leased_until timestamptz,
        renewed_at timestamptz,
        losses integer NOT NULL DEFAULT 0,
        lost_workers text,
        failed integer NOT NULL DEFAULT 0,
        invalid integer NOT NULL DEFAULT 0,
        UNIQUE (run, first_place)
      ) WITH (fillfactor = 70)
      """,
      "CREATE INDEX voiceforge_queue_waiting ON voiceforge_queue_chunks (run, first_place) WHERE state = 'waiting'",
      "CREATE INDEX voiceforge_queue_running ON voiceforge_queue_chunks (leased_until) WHERE state = 'running'",
      """
      CREATE TABLE voiceforge_queue_results (
        chunk bigint PRIMARY KEY REFERENCES voiceforge_queue_chunks (number) ON DELETE CASCADE,
        report bytea NOT NULL
      )
      """,
      """
      CREATE TABLE voiceforge_queue_files (
        run bigint NOT NULL REFERENCES voiceforge_queue_runs (number) ON DELETE CASCADE,
        is_result boolean NOT NULL,
        name text NOT NULL,
        content bytea NOT NULL,
        PRIMARY KEY (run, is_result, name)
      )
      """,
    ])

  /// Load tests that several generators place together; see `PostgresSharedLoadStore`. What is told of a second is a row that is written once and
  /// goes with its load.
  static let loads = SchemaStep(
    version: 11, title: "load tests of several generators",
    statements: [
      """
      CREATE TABLE voiceforge_loads (
        \(numbered), id text NOT NULL UNIQUE,
        program text NOT NULL,
        generators integer NOT NULL,
        document bytea NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        start_at timestamptz,
        is_stopped boolean NOT NULL DEFAULT false
      ) WITH (fillfactor = 70)
      """,
      """
      CREATE TABLE voiceforge_load_files (
        load bigint NOT NULL REFERENCES voiceforge_loads (number) ON DELETE CASCADE,
        name text NOT NULL,
        content bytea NOT NULL,
        PRIMARY KEY (load, name)
      )
      """,
      """
      CREATE TABLE voiceforge_load_generators (
        load bigint NOT NULL REFERENCES voiceforge_loads (number) ON DELETE CASCADE,
        part integer NOT NULL,
        name text NOT NULL,
        phase text NOT NULL,
        clock_error_us bigint,
        lateness_us bigint NOT NULL DEFAULT 0,
        fault text,
        is_target_gone boolean NOT NULL DEFAULT false,
        seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (load, part)
      ) WITH (fillfactor = 70)
      """,
      """
      CREATE TABLE voiceforge_load_seconds (
        load bigint NOT NULL REFERENCES voiceforge_loads (number) ON DELETE CASCADE,
        part integer NOT NULL,
        second integer NOT NULL,
        content text NOT NULL,
        PRIMARY KEY (load, part, second)
      )
      """,
    ])

  /// A table of what a key has of one kind.
  private static func resources(_ name: String) -> [String] {
    [
      "INSERT INTO voiceforge_quotas VALUES ('\(name)', 0, 0, 0)",
      """
      CREATE TABLE voiceforge_\(name) (
        \(numbered), id text NOT NULL UNIQUE,
        owner text NOT NULL,
        unique_text text UNIQUE,
        group_text text,
        \(kept),
        resource jsonb NOT NULL
      )
      """,
      "CREATE INDEX voiceforge_\(name)_owner ON voiceforge_\(name) (owner, number)",
      "CREATE INDEX voiceforge_\(name)_group ON voiceforge_\(name) (group_text, number)",
    ]
  }
}
