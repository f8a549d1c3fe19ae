import TestCluster
import Testing

@Suite("The contract with a real PostgreSQL")
struct PostgresTests {
  @Test("is held", .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
  func isHeld() throws {
    _ = try TestCluster.shared.get()
    #expect(StoreFactory.all.contains { $0.testDescription == "postgres" })
    #expect(KeyStoreFactory.all.contains { $0.testDescription == "postgres" })
    #expect(FlowStoreFactory.all.contains { $0.testDescription == "postgres" })
    #expect(MatchedVoiceStoreFactory.all.contains { $0.testDescription == "postgres" })
    #expect(UsageStoreFactory.all.contains { $0.testDescription == "postgres" })
    #expect(TestStoreFactory.all.contains { $0.testDescription == "postgres" })
  }
}
