import CallCore
import CallDriver
import Dispatch
import Stores
import TestCluster
import TestSupport
import Testing

extension DatabaseTests {
  @Suite("What a database keeps", .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
  struct RetentionTests {
    @Test("what is too old goes, with its recording, and is counted")
    func age() throws {
      let outage = try Outage {
        $0.calls.ageMax = .seconds(3600)
        $0.prunePeriod = .milliseconds(50)
      }
      #expect(outage.append(0..<10, recordingBytes: 1000) == 0)
      try outage.database.settle()
      try outage.cluster.run(
        "UPDATE voiceforge_calls SET kept_at = now() - interval '61 minutes' WHERE id::int < 4", at: outage.url)
      #expect(eventually { outage.store.usage.evicted == 4 })
      #expect(try outage.ids() == (4..<10).map(String.init))
      #expect(outage.store.usage.entries == 6)
      #expect(try outage.cluster.run("SELECT count(*) FROM voiceforge_recordings", at: outage.url) == [["6"]])
      let sum = try outage.cluster.run("SELECT sum(bytes)::text FROM voiceforge_calls", at: outage.url)
      #expect(eventually { ["\(outage.store.usage.bytes)"] == sum[0] })
    }

    @Test("rows that somebody removes by hand are noticed")
    func byHand() throws {
      let outage = try Outage { $0.prunePeriod = .milliseconds(50) }
      #expect(outage.append(0..<10) == 0)
      try outage.database.settle()
      try outage.cluster.run("DELETE FROM voiceforge_calls WHERE id::int < 4", at: outage.url)
      #expect(eventually { outage.store.usage.entries == 6 })
    }

    @Test("two servers with one database keep together what one may keep, and each sees the other's calls")
    func twoServers() throws {
      let first = try Outage { $0.calls.entriesMax = 100 }
      let second = try Outage(url: first.url) { $0.calls.entriesMax = 100 }
      DispatchQueue.concurrentPerform(iterations: 2) { index in
        let outage = [first, second][index]
        for number in 0..<100 { #expect(outage.append((index * 100 + number)..<(index * 100 + number + 1)) == 0) }
      }
      try first.database.settle()
      try second.database.settle()
      let ids = try first.ids()
      #expect(ids.count == 100)
      #expect(try second.ids() == ids)
      #expect(first.store.usage.evicted + second.store.usage.evicted == 100)
      #expect(eventually { first.store.usage.entries == 100 && second.store.usage.entries == 100 })
    }

    @Test(
      "a recording that somebody damaged is told, and its call is still listed",
      arguments: ["''", "'\\x01'", "'\\x02ff'", "sound || '\\x00'"])
    func damaged(sound: String) throws {
      let outage = try Outage()
      #expect(outage.append(0..<1, recordingBytes: 1000) == 0)
      try outage.database.settle()
      try outage.cluster.run("UPDATE voiceforge_recordings SET sound = \(sound)", at: outage.url)
      #expect(throws: StoreError.unavailable("the recording of 0 in the database is damaged")) {
        try outage.store.call(id: "0")
      }
      #expect(try outage.ids() == ["0"])
    }
  }
}
