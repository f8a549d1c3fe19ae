package import CallCore
package import CallDriver
import JSON
import Formats

/// Test cases in a database; see `PostgresDatabase`. Full is full: nobody's case makes room for another. Bounded by
/// `PostgresSettings.cases`. A change is made before it is answered, for the answer says what became of it.
package final class PostgresTestCaseStore: TestCaseStore {
  private let database: PostgresDatabase

  package init(_ database: PostgresDatabase) { self.database = database }

  package func cases() throws(StoreError) -> [TestCase] {
    try cases(PostgresStatement("cases", "SELECT test_case FROM voiceforge_cases ORDER BY number"))
  }

  package func testCase(id: String) throws(StoreError) -> TestCase? {
    try cases(PostgresStatement("case", "SELECT test_case FROM voiceforge_cases WHERE id = $1", [.text(id)])).first
  }

  package func add(_ cases: [TestCase]) throws(StoreError) -> TestCaseChange {
    try database.reader.change(.cases) { connection, fill, deadline throws(DatabaseFault) -> TestCaseChange in
      let rows = try connection.run(cases.map(Self.insertion), until: deadline)
      for (testCase, row) in zip(cases, rows) {
        guard row.count == 1 else { return .taken(id: testCase.id) }
        fill.add(row)
      }
      return fullness(fill) ?? .done
    }
  }

  package func replace(_ testCase: TestCase) throws(StoreError) -> TestCaseChange {
    try database.reader.change(.cases) { connection, fill, deadline throws(DatabaseFault) -> TestCaseChange in
      let bytes = testCase.estimatedBytes
      let statement = PostgresStatement(
        "replace-case",
        """
        WITH old AS (SELECT bytes FROM voiceforge_cases WHERE id = $1)
        UPDATE voiceforge_cases SET bytes = $2, test_case = $3 WHERE id = $1 RETURNING (SELECT bytes FROM old)
        """, [.text(testCase.id), .integer(Int64(bytes)), .json(TestCaseArchive.json(of: testCase))])
      let row = try connection.run([statement], until: deadline)[0]
      guard let old = row.count == 1 ? row.integer(0, 0) : nil else { return .missing }
      fill.bytes += bytes - old
      return fullness(fill) ?? .done
    }
  }

  package func remove(id: String) throws(StoreError) -> TestCaseChange {
    try database.reader.change(.cases) { connection, fill, deadline throws(DatabaseFault) -> TestCaseChange in
      let statement = PostgresStatement(
        "remove-case", "DELETE FROM voiceforge_cases WHERE id = $1 RETURNING bytes", [.text(id)])
      let gone = try connection.run([statement], until: deadline)[0]
      guard gone.count == 1 else { return .missing }
      fill.subtract(gone)
      return .done
    }
  }

  /// How full the store is, as the database's thread saw it last; nothing is ever evicted.
  package var usage: StoreUsage { database.usage(of: .cases) }

  private static func insertion(_ testCase: TestCase) -> PostgresStatement {
    PostgresStatement(
      "add-case",
      """
      INSERT INTO voiceforge_cases (id, bytes, test_case) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING
      RETURNING number, bytes, true
      """,
      [.text(testCase.id), .integer(Int64(testCase.estimatedBytes)), .json(TestCaseArchive.json(of: testCase))])
  }

  private func fullness(_ fill: TableQuota.Fill) -> TestCaseChange? {
    let limits = database.core.settings.cases
    if fill.entries > limits.entriesMax { return .full(limit: "\(limits.entriesMax) cases") }
    return fill.bytes > limits.bytesMax ? .full(limit: "\(limits.bytesMax) bytes of cases") : nil
  }

  private func cases(_ statement: PostgresStatement) throws(StoreError) -> [TestCase] {
    let rows = try database.reader.rows(statement)
    return try rows.values("a test case") { row throws(WireFault) in
      try TestCaseArchive.testCase(from: rows.bytes(row, 0))
    }
  }
}
