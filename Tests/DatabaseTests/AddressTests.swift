import Stores
import TestCluster
import Testing

extension DatabaseTests {
  @Suite("The address of a database")
  struct AddressTests {
    @Test(
      "one that cannot be read is refused without being repeated",
      arguments: [
        "", "mysql://u:hunter22@h/d", "postgres://u:hunter22@h:port/d", "postgres://u:hunt/er22@h/d",
        "postgres://u:12/er22@h/d",
        "postgres://u:hunt@er22@h/d", "postgres://u:hunter22@h/d?nothing=1", "host=h password=hunter22",
        "postgres://u:hunter22@[::1/d",
        "postgres://u:hunter22%@h/d", "postgres://u:hunter22@h/d\0",
      ])
    func bad(url: String) {
      let found = fault { _ = try PostgresDatabase(url) { _ in } }
      #expect(found?.kind == .badAddress)
      let told = "\(found?.description ?? "") \(found?.publicText ?? "")"
      for secret in ["hunt", "er22", "12/"] { #expect(!told.contains(secret)) }
    }

    @Test(
      "a wrong password is told without it, by those who start and those who migrate",
      .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
    func wrongPassword() throws {
      let url = try Outage.cluster.get().url(password: "hunter22%2Fhunter22")
      let database = try PostgresDatabase(url) { _ in }
      for attempt in [{ try database.start() }, { _ = try SchemaMigrator.status(of: url) }] as [() throws -> Void] {
        let found = try #require(fault(of: attempt))
        #expect(found.kind == .refused && found.needsOperator)
        #expect(found.description.contains("password authentication failed for the user"))
        let told = "\(found) \(found.publicText) \(database.health)"
        #expect(!told.contains("hunter22") && !told.contains("voiceforge"))
      }
    }

    @Test(
      "the right password opens, with its special characters encoded",
      .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
    func rightPassword() throws {
      let encoded = TestCluster.password.map {
        $0.isLetter || $0.isNumber ? "\($0)" : "%" + String($0.asciiValue ?? 0, radix: 16)
      }
      let status = try SchemaMigrator.status(of: Outage.cluster.get().url(password: encoded.joined()))
      #expect(status.newest > 0)
      #expect(!status.database.contains("secret") && !status.database.contains("voiceforge:"))
    }

    @Test(
      "a database that is not there, and one that cannot hold every text, are told",
      .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
    func unfit() throws {
      let cluster = try Outage.cluster.get()
      let missing = cluster.url().replacing("/postgres?", with: "/nowhere?")
      #expect(fault { _ = try SchemaMigrator.status(of: missing) }?.kind == .refused)
      try cluster.run("CREATE DATABASE latin ENCODING 'SQL_ASCII' TEMPLATE template0", at: cluster.url())
      let latin = cluster.url().replacing("/postgres?", with: "/latin?")
      let unfit = fault { _ = try SchemaMigrator.status(of: latin) }
      #expect(unfit?.kind == .unfit)
      #expect(unfit?.detail.contains("SQL_ASCII") == true)
    }

    @Test("where nothing listens is away, not wrong: a server may start and wait")
    func nothingThere() throws {
      let away = fault { _ = try SchemaMigrator.status(of: "postgres://u:hunter22@127.0.0.1:1/d") }
      #expect(away?.kind == .unreachable && away?.needsOperator == false)
      #expect(away?.description.contains("hunter22") == false)
    }
  }
}
