import CallCore
import CallDriver
import Dispatch
import Stores
import TestCluster
import TestSupport
import Testing
import Threads

extension DatabaseTests {
  @Suite("Keys, flows and matched voices in a database", .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
  struct SharedStoreTests {
    private static func key(_ id: String) -> APIKey {
      APIKey(
        id: id, name: "Key", scopes: [.manage], createdAtUnixMicroseconds: 1, salt: [1, 2], digest: Array(0..<32))
    }

    private static func voice(_ id: String) -> MatchedVoice {
      MatchedVoice(
        id: id, name: "V", shape: .plain, pitchHz: 1, recording: .seconds(5), createdAtUnixMicroseconds: 1)
    }

    @Test("what was answered is there after a crash of the database in that moment")
    func durable() throws {
      let outage = try Outage()
      #expect(try PostgresKeyStore(outage.database).add(Self.key("a")) == .done)
      #expect(try PostgresFlowStore(outage.database).add("a", text: "one", at: 1).version != nil)
      #expect(try PostgresMatchedVoiceStore(outage.database).add(Self.voice("a")))
      try outage.cluster.crash()
      try outage.cluster.start()
      try outage.recover()
      #expect(try PostgresKeyStore(outage.database).keys() == [Self.key("a")])
      #expect(try PostgresFlowStore(outage.database).flows().map(\.text) == ["one"])
      #expect(try PostgresMatchedVoiceStore(outage.database).voices() == [Self.voice("a")])
    }

    @Test("while the database is away, every question and every change is refused, and no change is made later")
    func away() throws {
      let outage = try Outage()
      let (keys, flows) = (PostgresKeyStore(outage.database), PostgresFlowStore(outage.database))
      let voices = PostgresMatchedVoiceStore(outage.database)
      #expect(try keys.add(Self.key("before")) == .done)
      try outage.cluster.stop()
      #expect(eventually { outage.database.health != .well })
      for attempt in [
        { _ = try keys.keys() }, { _ = try keys.add(Self.key("during")) },
        { _ = try keys.revoke(id: "before", atUnixMicroseconds: 1) },
        { _ = try keys.recordUse(id: "before", atUnixMicroseconds: 1) }, { _ = try flows.flows() },
        { _ = try flows.versions(of: "a") }, { _ = try flows.add("a", text: "x", at: 1) },
        { _ = try flows.save("a", text: "x", after: 1, at: 1) }, { _ = try flows.remove("a", at: 1) },
        { _ = try flows.importFile("a", text: "x", at: 1) }, { _ = try flows.revision() }, { _ = try voices.voices() },
        { _ = try voices.add(Self.voice("a")) }, { _ = try voices.remove(id: "a") },
      ] as [() throws -> Void] {
        #expect(throws: StoreError.self, performing: attempt)
      }
      try outage.cluster.start()
      try outage.recover()
      #expect(eventually { (try? keys.keys()) != nil })
      #expect(try keys.keys() == [Self.key("before")])
      #expect(try flows.flows().isEmpty)
      #expect(try voices.voices().isEmpty)
      #expect(try flows.add("a", text: "x", at: 1).version != nil)
    }

    @Test("of two servers that save one flow at once one has it, and the other is told that it is outdated")
    func twoServers() throws {
      let first = try Outage()
      let second = try Outage(url: first.url)
      let stores = [PostgresFlowStore(first.database), PostgresFlowStore(second.database)]
      _ = try stores[0].add("a", text: "0", at: 0)
      for version in 1...20 {
        let changes = Locked<[FlowChange]>([])
        DispatchQueue.concurrentPerform(iterations: 2) { server in
          do throws(StoreError) {
            let change = try stores[server].save("a", text: "\(server)", after: version, at: 1)
            changes.withLock { $0.append(change) }
          } catch {
            Issue.record(error)
          }
        }
        let found = changes.withLock { $0 }
        #expect(found.count { $0.version?.version == version + 1 } == 1)
        #expect(found.count { $0 == .outdated(current: version + 1) } == 1)
      }
      #expect(try stores[1].versions(of: "a").map(\.version) == Array((1...21).reversed()))
    }

    @Test("a server sees what the other one did: keys, uses, revocations, flows, voices; limits count both")
    func together() throws {
      let first = try Outage { $0.keys.entriesMax = 2 }
      let second = try Outage(url: first.url) { $0.keys.entriesMax = 2 }
      let (mine, theirs) = (PostgresKeyStore(first.database), PostgresKeyStore(second.database))
      #expect(try mine.add(Self.key("a")) == .done)
      #expect(try theirs.add(Self.key("a")) == .taken)
      #expect(try theirs.add(Self.key("b")) == .done)
      #expect(try mine.add(Self.key("c")) == .full)
      #expect(try theirs.revoke(id: "a", atUnixMicroseconds: 7) == .done)
      #expect(try mine.keys().map(\.revokedAtUnixMicroseconds) == [7, nil])
      #expect(try mine.add(Self.key("c")) == .done)
      #expect(try theirs.keys().map(\.id) == ["b", "c"])
      let voices = [first, second].map { PostgresMatchedVoiceStore($0.database) }
      #expect(try voices[0].add(Self.voice("a")))
      #expect(try voices[1].remove(id: "a"))
      #expect(try voices[0].voices().isEmpty)
      let flows = [first, second].map { PostgresFlowStore($0.database) }
      let before = try flows[1].revision()
      _ = try flows[0].add("a", text: "x", at: 1)
      #expect(try flows[1].revision() != before)
    }

    @Test("eight servers that start together sign call tokens by one key")
    func tokenKeysTogether() throws {
      let outage = try Outage()
      let servers = try (0..<8).map { _ in try Outage(url: outage.url) }
      DispatchQueue.concurrentPerform(iterations: 8) { server in
        let candidate = [UInt8](repeating: UInt8(server + 1), count: TokenKey.byteCount)
        do throws(StoreError) {
          _ = try PostgresKeyStore(servers[server].database).tokenKeys(
            candidate: candidate, rotation: .seconds(86_400))
        } catch {
          Issue.record(error)
        }
      }
      let store = PostgresKeyStore(outage.database)
      let candidate = [UInt8](repeating: 0, count: TokenKey.byteCount)
      let keys = try store.tokenKeys(candidate: candidate, rotation: .seconds(86_400))
      #expect(keys.count == 1 && keys.first?.secret != candidate)
    }

    @Test("eight servers that start together bring the flows of one folder once")
    func folderTogether() throws {
      let outage = try Outage()
      let servers = try (0..<8).map { _ in try Outage(url: outage.url) }
      DispatchQueue.concurrentPerform(iterations: 8) { server in
        do throws(StoreError) {
          let store = PostgresFlowStore(servers[server].database)
          for name in ["a", "b", "c"] { _ = try store.importFile(name, text: "text of \(name)", at: 1) }
        } catch {
          Issue.record(error)
        }
      }
      let store = PostgresFlowStore(outage.database)
      #expect(try store.flows().map(\.version) == [1, 1, 1])
      #expect(try store.importFile("a", text: "text of a", at: 2) == .taken)
    }

    @Test("a flow of another server comes with its versions, once; one that has gone on here stays")
    func copy() throws {
      let outage = try Outage { $0.flowVersionsMax = 3 }
      let store = PostgresFlowStore(outage.database)
      let all = (4...8).map {
        FlowVersion(name: "a", version: $0, text: "\($0)", savedAtUnixMicroseconds: Int64($0))
      }
      #expect(try store.copy(Array(all[..<2])) == .done(all[1]))
      #expect(try store.copy(Array(all[..<2])) == .taken)
      #expect(try store.versions(of: "a") == [all[1], all[0]])
      #expect(try store.copy(all) == .done(all[4]))
      #expect(try store.versions(of: "a") == [all[4], all[3], all[2]])
      #expect(try store.save("a", text: "here", after: 8, at: 9).version?.version == 9)
      #expect(try store.copy(all) == .outdated(current: 9))
      _ = try store.add("b", text: "another", at: 1)
      let other = FlowVersion(name: "b", version: 1, text: "b", savedAtUnixMicroseconds: 1)
      #expect(try store.copy([other]) == .outdated(current: 1))
      #expect(try store.flows().map(\.text) == ["here", "another"])
      let counted = try outage.cluster.run(
        "SELECT sum(bytes), (SELECT bytes FROM voiceforge_quotas WHERE name = 'flows') FROM voiceforge_flow_versions",
        at: outage.url)
      #expect(counted[0][0] == counted[0][1])
      #expect(store.usage.entries == 2 && counted[0][0] == "\(store.usage.bytes)")
    }
  }
}
