import CallCore
import CallDriver
import Dispatch
import Stores
import TestCluster
import Testing

extension DatabaseTests {
  @Suite("The tables", .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
  struct SchemaTests {
    @Test("eight servers that start together make them once")
    func together() throws {
      let cluster = try Outage.cluster.get()
      let url = try cluster.freshURL()
      #expect(try SchemaMigrator.status(of: url).version == 0)
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        do throws(DatabaseFault) {
          let (_, after) = try SchemaMigrator.migrate(url)
          #expect(after.isCurrent)
        } catch {
          Issue.record(error)
        }
      }
      let steps = try cluster.run("SELECT version FROM voiceforge_schema ORDER BY version", at: url)
      let newest = try SchemaMigrator.status(of: url).newest
      #expect(steps == (1...newest).map { ["\($0)"] })
    }

    @Test("those of an older version get the steps that are missing, and keep what is in them")
    func older() throws {
      let outage = try Outage()
      #expect(outage.append(0..<3) == 0)
      #expect(outage.database.stop() == 0)
      for table in [
        "cases", "runs", "keys", "flow_versions", "flows", "voices", "usage", "providers", "numbers",
        "campaign_numbers", "campaigns", "phonecalls", "nodeflows", "token_keys",
        "queue_results", "queue_files", "queue_chunks", "queue_runs",
        "load_seconds", "load_files", "load_generators", "loads",
      ] {
        try outage.cluster.run("DROP TABLE voiceforge_\(table)", at: outage.url)
      }
      for index in ["from", "to"] { try outage.cluster.run("DROP INDEX voiceforge_calls_\(index)", at: outage.url) }
      try outage.cluster.run("ALTER TABLE voiceforge_quotas RENAME TO voiceforge_shelves", at: outage.url)
      try outage.cluster.run("DELETE FROM voiceforge_shelves WHERE name <> 'calls'", at: outage.url)
      try outage.cluster.run("DELETE FROM voiceforge_schema WHERE version > 1", at: outage.url)
      let status = try SchemaMigrator.status(of: outage.url)
      #expect(status.steps.map(\.isApplied) == [true] + Array(repeating: false, count: status.newest - 1))
      let next = try Outage(url: outage.url)
      #expect(try next.ids() == ["0", "1", "2"])
      #expect(try PostgresTestCaseStore(next.database).cases().isEmpty)
    }

    @Test("those of a newer version are refused, at the start and by whoever migrates")
    func newer() throws {
      let outage = try Outage()
      outage.database.stop()
      try outage.cluster.run("INSERT INTO voiceforge_schema VALUES (99, 'from the future')", at: outage.url)
      #expect(try SchemaMigrator.status(of: outage.url).isNewer)
      let database = try PostgresDatabase(outage.url) { _ in }
      let newest = try SchemaMigrator.status(of: outage.url).newest
      for attempt in [{ try database.start() }, { _ = try SchemaMigrator.migrate(outage.url) }] as [() throws -> Void] {
        let found = try #require(fault(of: attempt))
        #expect(found.kind == .newerSchema && found.needsOperator)
        #expect(found.description.contains("version 99") && found.description.contains("up to \(newest)"))
      }
    }

    @Test("a step that fails leaves no half of it behind")
    func half() throws {
      let cluster = try Outage.cluster.get()
      let url = try cluster.freshURL()
      try cluster.run("CREATE TABLE voiceforge_recordings (call bigint)", at: url)
      #expect(throws: DatabaseFault.self) { try SchemaMigrator.migrate(url) }
      let tables = try cluster.run(
        "SELECT to_regclass('voiceforge_calls') IS NULL, to_regclass('voiceforge_schema') IS NULL", at: url)
      #expect(tables == [["t", "t"]])
      try cluster.run("DROP TABLE voiceforge_recordings", at: url)
      #expect(try SchemaMigrator.migrate(url).after.isCurrent)
    }
  }
}
