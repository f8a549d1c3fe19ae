import CallCore
import CallDriver
import Formats
import Stores

/// Whether the flows and test cases of the database can be used: an earlier version took expressions that this one does
/// not. Changes nothing there.
enum StoredChecks {
  /// - Parameter url: see `PostgresDatabase`.
  static func section(_ url: String, _ settings: PostgresSettings) -> DoctorSection {
    DoctorSection(title: "Database", checks: checks(url, settings))
  }

  private static func checks(_ url: String, _ settings: PostgresSettings) -> [DoctorCheck] {
    do throws(DatabaseFault) {
      let status = try SchemaMigrator.status(of: url)
      guard status.isCurrent else {
        return [note("Tables", "of version \(status.version), not \(status.newest)", "voiceforge migrate")]
      }
      let database = try PostgresDatabase(url, settings: settings) { _ in }
      try database.start()
      defer { database.stop() }
      return flows(of: database) + cases(of: database)
    } catch {
      return [note("Database", "\(error)", "start it, or correct DATABASE_URL")]
    }
  }

  private static func flows(of database: PostgresDatabase) -> [DoctorCheck] {
    do throws(StoreError) {
      let drawn = try PostgresTelephonyStore<NodeFlow>(database).all(of: nil)
      let found = FlowReader.readUsable(
        try PostgresFlowStore(database).flows().map { ($0.name, $0.text) }, beside: Set(drawn.map(\.id)))
      let faults = found.unusable.flatMap { flow in
        flow.faults.faults.map {
          DoctorCheck(
            name: "Flow \(flow.name)", state: .missing, detail: "line \($0.line): \($0.message)",
            remedy: "mend it on the page Flows; no call runs by it until then")
        }
      }
      return [DoctorCheck(name: "Flows kept", detail: "\(found.library.flows.count) can be used")] + faults
    } catch {
      return [note("Flows kept", "\(error)", "look at the database's log")]
    }
  }

  private static func cases(of database: PostgresDatabase) -> [DoctorCheck] {
    do throws(StoreError) {
      let cases = try PostgresTestCaseStore(database).cases()
      let faults = cases.flatMap { testCase in
        testCase.expressionFaults.map {
          DoctorCheck(
            name: "Case \(testCase.id)", state: .missing, detail: "/\($0.source)/ \($0.fault)",
            remedy: "mend the case; its check fails until then")
        }
      }
      return [DoctorCheck(name: "Cases kept", detail: "\(cases.count)")] + faults
    } catch {
      return [note("Cases kept", "\(error)", "look at the database's log")]
    }
  }

  private static func note(_ name: String, _ detail: String, _ remedy: String) -> DoctorCheck {
    DoctorCheck(name: name, state: .note, detail: detail, remedy: remedy)
  }
}
