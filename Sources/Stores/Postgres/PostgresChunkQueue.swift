package import CallCore
package import CallDriver

/// Runs in chunks in a database; see `PostgresDatabase`. Leases are counted by the database's clock. Every question is one transaction that
/// may be repeated; rows that another worker has locked are passed over, so that nobody waits for anybody.
///
/// Whoever needs a run and its chunks locks the run first, so that a run that is removed and a chunk that ends never wait for each other.
package final class PostgresChunkQueue: ChunkQueue {
  private let database: PostgresDatabase

  package init(_ database: PostgresDatabase) { self.database = database }

  package func submit(_ run: QueuedRun) throws(StoreError) -> Bool {
    let added = PostgresStatement(
      "queue-add-run",
      """
      INSERT INTO voiceforge_queue_runs (id, program, calls, chunk_calls, document)
      SELECT $1::text, $2::text, $3::bigint, $4::bigint, $5::bytea
      WHERE (SELECT count(*) FROM voiceforge_queue_runs) < $6::bigint ON CONFLICT (id) DO NOTHING
      """,
      [
        .text(run.id), .text(run.program), .integer(Int64(run.callCount)), .integer(Int64(run.chunkCalls)),
        .bytes(run.document), .integer(Int64(ChunkQueueLimits.runsMax)),
      ])
    let files = run.files.sorted { $0.key < $1.key }.map { file in
      PostgresStatement(
        "queue-add-input",
        """
        INSERT INTO voiceforge_queue_files (run, is_result, name, content)
        SELECT number, false, $2::text, $3::bytea FROM voiceforge_queue_runs WHERE id = $1 ON CONFLICT DO NOTHING
        """, [.text(run.id), .text(file.key), .bytes(file.value)])
    }
    let chunks = PostgresStatement(
      "queue-add-chunks",
      """
      INSERT INTO voiceforge_queue_chunks (run, first_place, calls)
      SELECT number, place, least(chunk_calls, calls - place)
      FROM voiceforge_queue_runs, generate_series(0, calls - 1, chunk_calls) AS place WHERE id = $1 ON CONFLICT DO NOTHING
      """, [.text(run.id)])
    let isThere = PostgresStatement(
      "queue-has-run", "SELECT 1 FROM voiceforge_queue_runs WHERE id = $1", [.text(run.id)])
    forget()
    return try database.reader.query([added] + files + [chunks, isThere]).last?.count == 1
  }

  /// Removes the runs of submitters that are gone. It is a transaction of its own: what keeps it from that keeps nobody from submitting.
  private func forget() {
    let forgotten = PostgresStatement(
      "queue-forget",
      """
      DELETE FROM voiceforge_queue_runs WHERE number IN (SELECT number FROM voiceforge_queue_runs
        WHERE seen_at < clock_timestamp() - $1::bigint * interval '1 microsecond' FOR UPDATE SKIP LOCKED)
      """, [.integer(ChunkQueueLimits.forgottenAfter.microseconds)])
    do throws(StoreError) { _ = try database.reader.rows(forgotten) } catch { return }  // The next submit tries again.
  }

  package func run(_ id: String) throws(StoreError) -> QueuedRun? {
    let answers = try database.reader.query([
      PostgresStatement(
        "queue-run", "SELECT program, calls, chunk_calls FROM voiceforge_queue_runs WHERE id = $1", [.text(id)]),
      PostgresStatement(
        "queue-document", "SELECT document FROM voiceforge_queue_runs WHERE id = $1", [.text(id)], wantsBinary: true),
      PostgresStatement(
        "queue-inputs",
        """
        SELECT name, content FROM voiceforge_queue_files
        WHERE run = (SELECT number FROM voiceforge_queue_runs WHERE id = $1) AND NOT is_result
        """, [.text(id)], wantsBinary: true),
    ])
    let (run, document, files) = (answers[0], answers[1], answers[2])
    guard run.count == 1, document.count == 1, let calls = run.integer(0, 1), let chunk = run.integer(0, 2) else {
      return nil
    }
    var queued = QueuedRun(
      id: id, program: run.text(0, 0), callCount: calls, chunkCalls: chunk, document: document.bytes(0, 0))
    for row in 0..<files.count { queued.files[files.text(row, 0)] = files.bytes(row, 1) }
    return queued
  }

  package func count(_ id: String) throws(StoreError) -> QueueCount? {
    let answers = try database.reader.query([
      PostgresStatement(
        "queue-seen",
        "UPDATE voiceforge_queue_runs SET seen_at = clock_timestamp() WHERE id = $1 RETURNING 1", [.text(id)]),
      PostgresStatement(
        "queue-count",
        """
        SELECT coalesce(sum(calls) FILTER (WHERE state = 'done'), 0), coalesce(sum(failed), 0), coalesce(sum(invalid), 0),
          coalesce(sum(calls) FILTER (WHERE state = 'waiting'), 0), coalesce(sum(calls) FILTER (WHERE state = 'running'), 0),
          count(DISTINCT worker) FILTER (WHERE state = 'running' AND leased_until > clock_timestamp())
        FROM voiceforge_queue_chunks WHERE run = (SELECT number FROM voiceforge_queue_runs WHERE id = $1)
        """, [.text(id)]),
      PostgresStatement(
        "queue-set-aside",
        """
        SELECT first_place, lost_workers FROM voiceforge_queue_chunks
        WHERE run = (SELECT number FROM voiceforge_queue_runs WHERE id = $1) AND state = 'set-aside' ORDER BY first_place
        """, [.text(id)]),
    ])
    guard answers[0].count == 1 else { return nil }
    let (sums, setAside) = (answers[1], answers[2])
    func sum(_ column: Int) -> Int { sums.integer(0, column) ?? 0 }
    var count = QueueCount()
    (count.done, count.failed, count.invalid) = (sum(0), sum(1), sum(2))
    (count.waiting, count.running, count.workers) = (sum(3), sum(4), sum(5))
    count.setAside = (0..<setAside.count).map { row in
      QueueCount.SetAside(place: setAside.integer(row, 0) ?? 0, workers: setAside.text(row, 1))
    }
    return count
  }

  package func report(of id: String, from place: Int) throws(StoreError) -> (first: Int, report: [UInt8])? {
    let values: [PostgresValue] = [.text(id), .integer(Int64(place))]
    let chosen = """
      FROM voiceforge_queue_chunks chunk JOIN voiceforge_queue_results result ON result.chunk = chunk.number
      WHERE chunk.run = (SELECT number FROM voiceforge_queue_runs WHERE id = $1) AND chunk.first_place >= $2::bigint
      ORDER BY chunk.first_place LIMIT 1
      """
    let answers = try database.reader.query([
      PostgresStatement("queue-report-place", "SELECT chunk.first_place \(chosen)", values),
      PostgresStatement("queue-report", "SELECT result.report \(chosen)", values, wantsBinary: true),
    ])
    guard answers[1].count == 1, let first = answers[0].integer(0, 0) else { return nil }
    return (first, answers[1].bytes(0, 0))
  }

  package func file(_ name: String, of id: String) throws(StoreError) -> [UInt8]? {
    let rows = try database.reader.rows(
      PostgresStatement(
        "queue-file",
        """
        SELECT content FROM voiceforge_queue_files
        WHERE run = (SELECT number FROM voiceforge_queue_runs WHERE id = $1) AND is_result AND name = $2
        """, [.text(id), .text(name)], wantsBinary: true))
    return rows.count == 1 ? rows.bytes(0, 0) : nil
  }

  package func cancel(_ id: String) throws(StoreError) {
    _ = try database.reader.rows(
      PostgresStatement(
        "queue-cancel",
        """
        DELETE FROM voiceforge_queue_chunks
        WHERE run = (SELECT number FROM voiceforge_queue_runs WHERE id = $1) AND state IN ('waiting', 'running')
        """, [.text(id)]))
  }

  package func remove(_ id: String) throws(StoreError) {
    _ = try database.reader.rows(
      PostgresStatement("queue-remove", "DELETE FROM voiceforge_queue_runs WHERE id = $1", [.text(id)]))
  }
}

// MARK: - For workers

extension PostgresChunkQueue {
  package func take(
    as worker: String, of program: String, except skipped: Set<String>, for lease: CallDuration
  ) throws(StoreError) -> TakenChunk? {
    let taken = PostgresStatement(
      "queue-take",
      """
      UPDATE voiceforge_queue_chunks chunk SET state = 'running', worker = $1, \(Self.leased(for: "$3"))
      FROM voiceforge_queue_runs run WHERE run.number = chunk.run AND chunk.number = (
        SELECT one.number FROM voiceforge_queue_chunks one JOIN voiceforge_queue_runs its ON its.number = one.run
        WHERE (one.state = 'running' AND one.worker = $1) OR (one.state = 'waiting' AND its.program = $2
          AND its.seen_at > clock_timestamp() - $4::bigint * interval '1 microsecond' AND its.id <> ALL ($5::text[]))
        ORDER BY one.state = 'waiting', one.run, one.first_place LIMIT 1 FOR UPDATE OF one SKIP LOCKED)
      RETURNING chunk.number, run.id, chunk.first_place, chunk.calls
      """,
      [
        .text(worker), .text(program), .integer(lease.microseconds),
        .integer(ChunkQueueLimits.silenceMax.microseconds), .array(skipped.sorted()),
      ])
    let answers = try database.reader.query([Self.rescue, Self.split, taken])
    let chunk = answers[2]
    guard chunk.count == 1, let number = chunk.integer(0, 0), let first = chunk.integer(0, 2),
      let calls = chunk.integer(0, 3)
    else { return nil }
    return TakenChunk(number: number, run: chunk.text(0, 1), places: first..<(first + calls), worker: worker)
  }

  /// A new lease of so many microseconds, a parameter.
  private static func leased(for microseconds: String) -> String {
    """
    renewed_at = clock_timestamp(), leased_until = clock_timestamp() + \(microseconds)::bigint * interval '1 microsecond'
    """
  }

  /// Chunks whose lease is over wait again; a single call that was lost often enough is set aside. Nobody can renew while the server is
  /// down, so a lease that a restart fell into lasts its whole length from the server's start.
  private static let rescue = PostgresStatement(
    "queue-rescue",
    """
    UPDATE voiceforge_queue_chunks SET losses = losses + 1, lost_workers = concat_ws(', ', lost_workers, worker),
      state = CASE WHEN calls = 1 AND losses + 1 >= \(ChunkQueueLimits.lossesMax) THEN 'set-aside' ELSE 'waiting' END,
      worker = NULL, leased_until = NULL
    WHERE number IN (SELECT number FROM voiceforge_queue_chunks
      WHERE state = 'running' AND leased_until < clock_timestamp()
        AND leased_until + greatest(pg_postmaster_start_time() - renewed_at, interval '0') < clock_timestamp()
      FOR UPDATE SKIP LOCKED)
    """)

  /// Nobody knows which call of a lost chunk is to blame.
  private static let split = PostgresStatement(
    "queue-split",
    """
    WITH lost AS (SELECT one.number, run, first_place, one.calls, losses, lost_workers
      FROM voiceforge_queue_chunks one JOIN voiceforge_queue_runs its ON its.number = one.run
      WHERE state = 'waiting' AND losses > 0 AND one.calls > 1
      FOR KEY SHARE OF its SKIP LOCKED FOR UPDATE OF one SKIP LOCKED),
    cut AS (UPDATE voiceforge_queue_chunks chunk SET calls = 1 FROM lost WHERE chunk.number = lost.number)
    INSERT INTO voiceforge_queue_chunks (run, first_place, calls, losses, lost_workers)
    SELECT run, place, 1, losses, lost_workers FROM lost, generate_series(first_place + 1, first_place + calls - 1) AS place
    """)

  package func renew(_ chunk: TakenChunk, for lease: CallDuration) throws(StoreError) -> Bool {
    let rows = try database.reader.rows(
      PostgresStatement(
        "queue-renew",
        """
        UPDATE voiceforge_queue_chunks SET \(Self.leased(for: "$4"))
        WHERE \(Self.isMine) AND state = 'running' RETURNING 1
        """, Self.mine(chunk) + [.integer(lease.microseconds)]))
    return rows.count == 1
  }

  /// One statement with all of the result: the server runs nothing before it has the whole of it, so a worker that vanishes on the way leaves
  /// no lock behind.
  package func finish(_ chunk: TakenChunk, with result: ChunkResult) throws(StoreError) -> Bool {
    let files = result.files.sorted { $0.key < $1.key }
    let finished = PostgresStatement(
      "queue-finish",
      """
      WITH its AS MATERIALIZED (SELECT number AS its_number FROM voiceforge_queue_runs WHERE id = $7 FOR KEY SHARE),
      done AS (UPDATE voiceforge_queue_chunks
        SET state = 'done', leased_until = NULL, failed = $4::bigint, invalid = $5::bigint
        FROM its WHERE run = its_number AND \(Self.isMine) AND state = 'running' RETURNING number, run),
      kept AS (INSERT INTO voiceforge_queue_files (run, is_result, name, content)
        SELECT run, true, name, content FROM done, unnest($8::text[], $9::bytea[]) AS file (name, content)
        ON CONFLICT DO NOTHING)
      INSERT INTO voiceforge_queue_results (chunk, report) SELECT number, $6::bytea FROM done
      """,
      Self.mine(chunk) + [
        .integer(Int64(result.failed)), .integer(Int64(result.invalid)), .bytes(result.report), .text(chunk.run),
        .array(files.map(\.key)), .array(files.map(\.value)),
      ])
    let isDone = PostgresStatement(
      "queue-is-done", "SELECT 1 FROM voiceforge_queue_chunks WHERE \(Self.isMine) AND state = 'done'",
      Self.mine(chunk))
    return try database.reader.query([finished, isDone]).last?.count == 1
  }

  package func giveBack(_ chunk: TakenChunk) throws(StoreError) {
    _ = try database.reader.rows(
      PostgresStatement(
        "queue-give-back",
        """
        UPDATE voiceforge_queue_chunks SET state = 'waiting', worker = NULL, leased_until = NULL
        WHERE \(Self.isMine) AND state = 'running'
        """, Self.mine(chunk)))
  }

  package func foreignPrograms(to program: String) throws(StoreError) -> [String: String] {
    let rows = try database.reader.rows(
      PostgresStatement(
        "queue-foreign",
        """
        SELECT id, program FROM voiceforge_queue_runs its WHERE program <> $1
          AND seen_at > clock_timestamp() - $2::bigint * interval '1 microsecond'
          AND EXISTS (SELECT 1 FROM voiceforge_queue_chunks one WHERE one.run = its.number AND one.state = 'waiting')
        """, [.text(program), .integer(ChunkQueueLimits.silenceMax.microseconds)]))
    var programs: [String: String] = [:]
    for row in 0..<rows.count { programs[rows.text(row, 0)] = rows.text(row, 1) }
    return programs
  }

  /// A chunk as it was taken, `$1` to `$3`: one that was cut meanwhile has fewer calls.
  private static let isMine = "number = $1::bigint AND worker = $2 AND calls = $3::bigint"

  private static func mine(_ chunk: TakenChunk) -> [PostgresValue] {
    [.integer(Int64(chunk.number)), .text(chunk.worker), .integer(Int64(chunk.places.count))]
  }
}
