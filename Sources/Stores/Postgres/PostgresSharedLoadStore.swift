package import CallCore
package import CallDriver

/// Load tests of several generators in a database; see `PostgresDatabase`. All times are those of the database's clock. Every question is one
/// transaction that may be repeated. Whoever needs a load and what is of it locks the load first, so that a load that is removed and a report
/// never wait for each other.
package final class PostgresSharedLoadStore: SharedLoadStore {
  private let database: PostgresDatabase

  package init(_ database: PostgresDatabase) { self.database = database }

  /// Microseconds as a span, `$n` their parameter.
  private static func span(_ parameter: String) -> String { "\(parameter)::bigint * interval '1 microsecond'" }

  /// The load with the id `$1`.
  private static let its = "(SELECT number FROM voiceforge_loads WHERE id = $1)"

  /// A span as whole microseconds.
  private static func microseconds(since instant: String) -> String {
    "(extract(epoch FROM clock_timestamp() - \(instant)) * 1000000)::bigint"
  }
}

// MARK: - For the coordinator

extension PostgresSharedLoadStore {
  package func submit(_ load: SharedLoad) throws(StoreError) -> Bool {
    let forgotten = PostgresStatement(
      "load-forget", "DELETE FROM voiceforge_loads WHERE seen_at < clock_timestamp() - \(Self.span("$1"))",
      [.integer(SharedLoadLimits.forgottenAfter.microseconds)])
    let added = PostgresStatement(
      "load-add",
      """
      INSERT INTO voiceforge_loads (id, program, generators, document)
      SELECT $1::text, $2::text, $3::bigint, $4::bytea
      WHERE (SELECT count(*) FROM voiceforge_loads) < $5::bigint ON CONFLICT (id) DO NOTHING
      """,
      [
        .text(load.id), .text(load.program), .integer(Int64(load.generators)), .bytes(load.document),
        .integer(Int64(SharedLoadLimits.loadsMax)),
      ])
    let files = load.files.sorted { $0.key < $1.key }.map { file in
      PostgresStatement(
        "load-add-file",
        """
        INSERT INTO voiceforge_load_files (load, name, content)
        SELECT number, $2::text, $3::bytea FROM voiceforge_loads WHERE id = $1 ON CONFLICT DO NOTHING
        """, [.text(load.id), .text(file.key), .bytes(file.value)])
    }
    let isThere = PostgresStatement("load-is-there", "SELECT 1 FROM voiceforge_loads WHERE id = $1", [.text(load.id)])
    return try database.reader.query([forgotten, added] + files + [isThere]).last?.count == 1
  }

  package func progress(of id: String, after told: [Int]) throws(StoreError) -> SharedLoadProgress? {
    let answers = try database.reader.query([
      PostgresStatement(
        "load-seen", "UPDATE voiceforge_loads SET seen_at = clock_timestamp() WHERE id = $1 RETURNING 1", [.text(id)]),
      PostgresStatement(
        "load-free",
        """
        DELETE FROM voiceforge_load_generators WHERE load = (SELECT number FROM voiceforge_loads
          WHERE id = $1 AND start_at IS NULL AND NOT is_stopped)
          AND phase IN ('preparing', 'ready') AND seen_at < clock_timestamp() - \(Self.span("$2"))
        """, [.text(id), .integer(SharedLoadLimits.partSilenceMax.microseconds)]),
      PostgresStatement(
        "load-generators",
        """
        SELECT part, name, phase, clock_error_us, lateness_us, fault, is_target_gone, \(Self.microseconds(since: "seen_at"))
        FROM voiceforge_load_generators WHERE load = \(Self.its) ORDER BY part
        """, [.text(id)]),
      PostgresStatement(
        "load-seconds",
        """
        SELECT part, second, content FROM voiceforge_load_seconds
        JOIN unnest($2::text[]) WITH ORDINALITY AS told (last, place) ON place = part + 1
        WHERE load = \(Self.its) AND second > last::bigint ORDER BY part, second
        """, [.text(id), .array(told.map { "\($0)" })]),
    ])
    guard answers[0].count == 1 else { return nil }
    var progress = SharedLoadProgress(generators: [])
    let (rows, seconds) = (answers[2], answers[3])
    for row in 0..<rows.count {
      guard let index = rows.integer(row, 0), let phase = GeneratorPhase(rawValue: rows.text(row, 2)) else { continue }
      var report = GeneratorReport(phase)
      report.clockError = rows.integer(row, 3).map { .microseconds(Int64($0)) }
      report.lateness = .microseconds(Int64(rows.integer(row, 4) ?? 0))
      report.fault = rows.isNull(row, 5) ? nil : rows.text(row, 5)
      report.isTargetGone = rows.flag(row, 6)
      for place in 0..<seconds.count where seconds.integer(place, 0) == index {
        report.seconds.append((seconds.integer(place, 1) ?? 0, seconds.bytes(place, 2)))
      }
      let silence = CallDuration.microseconds(Int64(rows.integer(row, 7) ?? 0))
      progress.generators.append(.init(index: index, name: rows.text(row, 1), report: report, silence: silence))
    }
    return progress
  }

  package func start(_ id: String, in lead: CallDuration) throws(StoreError) -> Int64? {
    let rows = try database.reader.rows(
      PostgresStatement(
        "load-start",
        """
        UPDATE voiceforge_loads SET start_at = coalesce(start_at, clock_timestamp() + \(Self.span("$2"))) WHERE id = $1
        RETURNING (extract(epoch FROM start_at) * 1000000)::bigint
        """, [.text(id), .integer(lead.microseconds)]))
    return rows.count == 1 ? rows.integer(0, 0).map { Int64($0) } : nil
  }

  package func stop(_ id: String) throws(StoreError) {
    _ = try database.reader.rows(
      PostgresStatement("load-stop", "UPDATE voiceforge_loads SET is_stopped = true WHERE id = $1", [.text(id)]))
  }

  package func remove(_ id: String) throws(StoreError) {
    _ = try database.reader.rows(
      PostgresStatement("load-remove", "DELETE FROM voiceforge_loads WHERE id = $1", [.text(id)]))
  }
}

// MARK: - For generators

extension PostgresSharedLoadStore {
  /// Two that join at the same time may choose the same part: one of them gets it, the other asks again.
  package func join(as name: String, of program: String) throws(StoreError) -> SharedLoadPart? {
    let open = """
      SELECT number FROM voiceforge_loads its WHERE program = $2 AND start_at IS NULL AND NOT is_stopped
        AND seen_at > clock_timestamp() - \(Self.span("$3"))
        AND generators > (SELECT count(*) FROM voiceforge_load_generators one WHERE one.load = its.number)
      ORDER BY number LIMIT 1
      """
    let joined = PostgresStatement(
      "load-join",
      """
      INSERT INTO voiceforge_load_generators (load, part, name, phase)
      SELECT its.number, part, $1::text, 'preparing' FROM voiceforge_loads its, generate_series(0, its.generators - 1) AS part
      WHERE its.number = (\(open)) AND NOT EXISTS (SELECT 1 FROM voiceforge_load_generators WHERE name = $1 AND phase = 'preparing')
        AND NOT EXISTS (SELECT 1 FROM voiceforge_load_generators one WHERE one.load = its.number AND one.part = part.part)
      ORDER BY part LIMIT 1 ON CONFLICT DO NOTHING
      """, [.text(name), .text(program), .integer(SharedLoadLimits.silenceMax.microseconds)])
    let mine = """
      FROM voiceforge_load_generators mine JOIN voiceforge_loads its ON its.number = mine.load
      WHERE mine.name = $1 AND mine.phase = 'preparing'
      """
    let answers = try database.reader.query([
      joined,
      PostgresStatement("load-joined", "SELECT its.id, mine.part, its.generators \(mine)", [.text(name)]),
      PostgresStatement("load-document", "SELECT its.document \(mine)", [.text(name)], wantsBinary: true),
      PostgresStatement(
        "load-files",
        "SELECT file.name, file.content FROM voiceforge_load_files file WHERE load = (SELECT its.number \(mine))",
        [.text(name)], wantsBinary: true),
    ])
    let (rows, documents, files) = (answers[1], answers[2], answers[3])
    guard rows.count == 1, documents.count == 1, let index = rows.integer(0, 1), let count = rows.integer(0, 2) else {
      return nil
    }
    var part = SharedLoadPart(
      load: rows.text(0, 0), index: index, count: count, generator: name, document: documents.bytes(0, 0))
    for row in 0..<files.count { part.files[files.text(row, 0)] = files.bytes(row, 1) }
    return part
  }

  package func report(
    _ report: GeneratorReport, of part: SharedLoadPart
  ) throws(StoreError) -> GeneratorInstruction? {
    let told = PostgresStatement(
      "load-report",
      """
      WITH its AS MATERIALIZED (SELECT number AS its_number FROM voiceforge_loads WHERE id = $1 FOR KEY SHARE),
      mine AS (UPDATE voiceforge_load_generators SET phase = $4, clock_error_us = $5::bigint, lateness_us = $6::bigint,
        fault = $7, is_target_gone = $8::boolean, seen_at = clock_timestamp()
        FROM its WHERE load = its_number AND part = $2::bigint AND name = $3 RETURNING load, part)
      INSERT INTO voiceforge_load_seconds (load, part, second, content)
      SELECT load, part, second::bigint, content FROM mine, unnest($9::text[], $10::text[]) AS one (second, content)
      ON CONFLICT DO NOTHING
      """,
      [
        .text(part.load), .integer(Int64(part.index)), .text(part.generator), .text(report.phase.rawValue),
        report.clockError.map { .integer($0.microseconds) } ?? .null, .integer(report.lateness.microseconds),
        report.fault.map { .text($0) } ?? .null, .flag(report.isTargetGone),
        .array(report.seconds.map { "\($0.number)" }),
        .array(report.seconds.map { String(decoding: $0.content, as: UTF8.self) }),
      ])
    let instruction = PostgresStatement(
      "load-instruction",
      """
      SELECT (extract(epoch FROM start_at) * 1000000)::bigint, is_stopped, \(Self.microseconds(since: "its.seen_at"))
      FROM voiceforge_loads its JOIN voiceforge_load_generators mine ON mine.load = its.number
      WHERE its.id = $1 AND mine.part = $2::bigint AND mine.name = $3
      """, [.text(part.load), .integer(Int64(part.index)), .text(part.generator)])
    let rows = try database.reader.query([told, instruction])[1]
    guard rows.count == 1 else { return nil }
    return GeneratorInstruction(
      startAt: rows.integer(0, 0).map { Int64($0) }, isStopped: rows.flag(0, 1),
      coordinatorSilence: .microseconds(Int64(rows.integer(0, 2) ?? 0)))
  }

  package func clock() throws(StoreError) -> Int64 {
    let rows = try database.reader.rows(
      PostgresStatement("load-clock", "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint", []))
    guard rows.count == 1, let microseconds = rows.integer(0, 0) else {
      throw .unavailable("the database told no time")
    }
    return Int64(microseconds)
  }

  package func foreignPrograms(ofLoadsFor program: String) throws(StoreError) -> [String: String] {
    let rows = try database.reader.rows(
      PostgresStatement(
        "load-foreign",
        """
        SELECT id, program FROM voiceforge_loads WHERE program <> $1 AND start_at IS NULL AND NOT is_stopped
          AND seen_at > clock_timestamp() - \(Self.span("$2"))
        """, [.text(program), .integer(SharedLoadLimits.silenceMax.microseconds)]))
    var programs: [String: String] = [:]
    for row in 0..<rows.count { programs[rows.text(row, 0)] = rows.text(row, 1) }
    return programs
  }
}
