import CallCore
import CallDriver
import Stores
import TestCluster
import TestSupport
import Testing

extension DatabaseTests {
  /// That nobody waits for a database is seen by that each test ends.
  @Suite(
    "A database that is away", .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"), .timeLimit(.minutes(2)))
  struct OutageTests {
    @Test("stopped under writes and started again: nothing is missing, nothing is double, the order holds")
    func stopped() throws {
      let outage = try Outage()
      #expect(outage.append(0..<300) == 0)
      try outage.cluster.stop()
      #expect(outage.append(300..<600) == 0)
      #expect(eventually { outage.database.health != .well })
      #expect(outage.store.usage.waiting >= 300)
      #expect(outage.append(600..<900) == 0)
      let isTold = if case .degraded(let why) = outage.database.health { why.contains("records wait") } else { false }
      #expect(isTold)
      #expect(throws: StoreError.self) { try outage.store.call(id: "1") }
      try outage.cluster.start()
      try outage.recover()
      #expect(try outage.ids() == (0..<900).map(String.init))
      #expect(outage.store.usage.entries == 900)
      #expect(outage.store.usage.lost == 0 && outage.store.usage.waiting == 0)
      #expect(outage.news.contains { $0.hasPrefix("the database is away") })
    }

    @Test("killed in the middle of batches, three times: the same")
    func crashed() throws {
      let outage = try Outage { $0.batchEntriesMax = 7 }
      var count = 0
      for _ in 0..<3 {
        #expect(outage.append(count..<(count + 150), recordingBytes: 20_000) == 0)
        count += 150
        // Some of the batches are through and some are not.
        #expect(eventually { (1..<130).contains(outage.store.usage.waiting) })
        try outage.cluster.crash()
        #expect(outage.append(count..<(count + 50)) == 0)
        count += 50
        try outage.cluster.start()
        try outage.recover()
      }
      #expect(try outage.ids() == (0..<count).map(String.init))
      #expect(outage.store.usage.entries == count)
      let recordings = try outage.cluster.run("SELECT count(*) FROM voiceforge_recordings", at: outage.url)
      #expect(recordings == [["450"]])
      #expect(try outage.store.call(id: "3")?.recording?.byteCount == 20_000)
    }

    @Test("a full queue refuses what comes, exactly, and what was taken is written")
    func full() throws {
      let outage = try Outage { $0.queueEntriesMax = 50 }
      try outage.cluster.stop()
      #expect(eventually { outage.database.health != .well })
      #expect(outage.append(0..<80) == 30)
      #expect(outage.store.usage.waiting == 50)
      try outage.cluster.start()
      try outage.recover()
      #expect(try outage.ids() == (0..<50).map(String.init))
    }

    @Test("the queue is bounded by bytes too; a record that is larger than the bound is taken alone")
    func fullOfBytes() throws {
      let outage = try Outage { $0.queueBytesMax = 100_000 }
      try outage.cluster.stop()
      #expect(eventually { outage.database.health != .well })
      #expect(outage.append(0..<1, recordingBytes: 300_000) == 0)
      #expect(outage.append(1..<5) == 4)
      try outage.cluster.start()
      try outage.recover()
      #expect(outage.append(5..<10, recordingBytes: 1_000) == 0)
      #expect(try outage.ids() == ["0", "5", "6", "7", "8", "9"])
    }

    @Test("a stop without the database says how many records are lost when its time is over")
    func stopWithout() throws {
      let outage = try Outage { $0.stopTime = .milliseconds(300) }
      try outage.cluster.stop()
      #expect(outage.append(0..<7) == 0)
      #expect(outage.database.stop() == 7)
      #expect(outage.store.usage.lost == 7)
      #expect(outage.news.last == "7 records could not be written in time and are lost")
      #expect(outage.append(7..<8) == 1)
      try outage.cluster.start()
    }

    @Test("a stop with the database writes what waits")
    func stopWith() throws {
      let outage = try Outage()
      #expect(outage.append(0..<500) == 0)
      #expect(outage.database.stop() == 0)
      let next = try Outage(url: outage.url)
      #expect(try next.ids() == (0..<500).map(String.init))
    }

    @Test("a database that hangs keeps nobody for longer than its time-outs, and is caught up with afterwards")
    func frozen() throws {
      let outage = try Outage {
        $0.readTime = .milliseconds(300)
        $0.writeTime = .milliseconds(300)
        $0.connectTime = .milliseconds(300)
      }
      #expect(outage.append(0..<10) == 0)
      try outage.database.settle()
      outage.cluster.freeze()
      defer { outage.cluster.thaw() }
      #expect(throws: StoreError.self) { try outage.store.call(id: "1") }
      #expect(outage.append(10..<100) == 0)
      #expect(eventually { outage.database.health != .well })
      #expect(throws: StoreError.self) { try outage.store.call(id: "1") }
      outage.cluster.thaw()
      try outage.recover()
      #expect(try outage.ids() == (0..<100).map(String.init))
    }

    @Test("a server may start while its database is away; the tables are made when it comes")
    func startWithout() throws {
      let cluster = try Outage.cluster.get()
      let url = try cluster.freshURL()
      try cluster.stop()
      let outage = try Outage(url: url)
      #expect(outage.database.health != .well)
      #expect(outage.append(0..<3) == 0)
      try cluster.start()
      try outage.recover()
      #expect(try outage.ids() == ["0", "1", "2"])
    }

    @Test("a connection that was ended while nobody asked anything is replaced unnoticed")
    func idleConnection() throws {
      let outage = try Outage()
      #expect(outage.append(0..<3) == 0)
      #expect(try outage.ids().count == 3)
      let cases = PostgresTestCaseStore(outage.database)
      try outage.cluster.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
        at: outage.cluster.url())
      #expect(eventually { outage.news.count { $0.contains("is ready") } == 2 })
      #expect(try cases.remove(id: "x") == .missing)
      #expect(try outage.ids().count == 3)
    }
  }
}
