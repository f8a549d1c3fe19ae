import CallCore
import CallDriver
import Formats
import JSON
import Stores

/// Copies what a running server keeps into a database. What is there already stays, so it may be done again.
struct ServerCopy {
  private let node: ServerArchive
  private let summary: ExportSummary
  private let database: PostgresDatabase

  /// Things that are copied before the database is waited for.
  private static let batchSize = 50
  /// Ids that the database is asked about together.
  private static let questionsAtOnce = 500
  /// Figures of usage that are looked for, the newest days: more than a server hands out.
  private static let sharesMax = 100_000
  /// Time for the database to write a batch. Nobody waits for an answer here but the person at the terminal.
  private static let patience = CallDuration.seconds(60)

  /// - Parameter summary: as the server gave it.
  init(from node: ServerArchive, _ summary: ExportSummary, to url: String, settings: PostgresSettings)
    throws(CommandFault)
  {
    self.node = node
    self.summary = summary
    var settings = settings
    settings.readTime = Self.patience
    settings.writeTime = Self.patience
    do throws(DatabaseFault) {
      database = try PostgresDatabase(url, settings: settings) { news in
        if case .refused = news { Terminal.errorLine("voiceforge: \(news)") }
      }
      try database.start()
    } catch {
      throw CommandFault(database: error)
    }
    if case .degraded(let why) = database.health {
      database.stop()
      throw CommandFault("the database cannot be used: \(why); is the server running?", .unreachable)
    }
  }

  /// - Throws: when the server or the database gives up; what was copied until then stays.
  func run() throws(CommandFault) -> CopyReport {
    defer {
      ProgressLine.clear()
      database.stop()
    }
    var report = CopyReport(server: node.address, version: summary.version)
    report.kinds.append(("keys", try keys()))
    report.kinds.append(("flows", try flows()))
    report.kinds.append(("agentFlows", try nodeFlows()))
    report.kinds.append(("voices", try voices()))
    report.kinds.append(("cases", try cases()))
    report.kinds.append(("usage", try usage()))
    report.kinds.append(("runs", try runs()))
    report.kinds.append(("calls", try calls()))
    return report
  }

  // MARK: - Small things

  /// Copies things that the server hands out together.
  /// - Parameter copy: copies one of them and says what became of it.
  private func copy<Thing>(
    _ things: [Thing], _ copy: (Thing) throws(StoreError) -> CopyReport.Outcome
  ) throws(CommandFault) -> CopyReport.Counts {
    try orFault { () throws(StoreError) in
      var counts = CopyReport.Counts()
      for thing in things { counts[try copy(thing), default: 0] += 1 }
      return counts
    }
  }

  private func keys() throws(CommandFault) -> CopyReport.Counts {
    let theirs = try node.all("keys", KeyArchive.key)
    let store = PostgresKeyStore(database)
    let known = try orFault { () throws(StoreError) in try store.keys() }
    return try copy(theirs) { key throws(StoreError) in
      switch try store.add(key) {
      case .done: return .copied
      case .full: throw .unavailable("there is no room for another key; revoke one there")
      case .taken, .missing:
        guard known.contains(where: { $0.id == key.id && $0.digest == key.digest }) else { return .different }
        // It may have been revoked since it was copied; that it was never may not be undone.
        if let instant = key.revokedAtUnixMicroseconds {
          _ = try store.revoke(id: key.id, atUnixMicroseconds: instant)
        }
        if let instant = key.lastUsedAtUnixMicroseconds {
          _ = try store.recordUse(id: key.id, atUnixMicroseconds: instant)
        }
        return .there
      }
    }
  }

  private func flows() throws(CommandFault) -> CopyReport.Counts {
    let theirs = try node.all("flows", FlowVersionArchive.version)
    var names: [String] = []
    var versions: [String: [FlowVersion]] = [:]
    for one in theirs {
      if versions[one.name] == nil { names.append(one.name) }
      versions[one.name, default: []].append(one)
    }
    let store = PostgresFlowStore(database)
    return try copy(names) { name throws(StoreError) in
      switch try store.copy(versions[name] ?? []) {
      case .done: return .copied
      case .taken, .missing: return .there
      case .outdated: return .different
      case .full(let limit): throw .unavailable("there is room for \(limit); delete one there")
      }
    }
  }

  private func nodeFlows() throws(CommandFault) -> CopyReport.Counts {
    let theirs = try node.allIfAny("agent-flows", NodeFlowArchive.flow)
    let store = PostgresTelephonyStore<NodeFlow>(database)
    return try copy(theirs) { flow throws(StoreError) in
      switch try store.add(flow) {
      case .done: return .copied
      case .full: throw .unavailable("there is no room for another flow of nodes of that key; delete one there")
      case .taken, .missing, .unchanged: return try store.one(id: flow.id) == flow ? .there : .different
      }
    }
  }

  private func voices() throws(CommandFault) -> CopyReport.Counts {
    let theirs = try node.all("voices", MatchedVoiceArchive.voice)
    let store = PostgresMatchedVoiceStore(database)
    let known = try orFault { () throws(StoreError) in try store.voices() }
    return try copy(theirs) { voice throws(StoreError) in
      if let same = known.last(where: { $0.id == voice.id }) { return same == voice ? .there : .different }
      guard try store.add(voice) else {
        throw .unavailable("there is no room for another matched voice; delete one there")
      }
      return .copied
    }
  }

  private func cases() throws(CommandFault) -> CopyReport.Counts {
    let theirs = try node.all("cases", TestCaseArchive.testCase)
    let store = PostgresTestCaseStore(database)
    return try copy(theirs) { testCase throws(StoreError) in
      switch try store.add([testCase]) {
      case .done: return .copied
      case .full(let limit): throw .unavailable("there is room for \(limit); delete some there")
      case .taken, .missing: return try store.testCase(id: testCase.id) == testCase ? .there : .different
      }
    }
  }

  /// Each entry is what one run of a server counted so far, which takes the place of what was copied of it before.
  private func usage() throws(CommandFault) -> CopyReport.Counts {
    let theirs = try node.all("usage", UsageArchive.share)
    let store = PostgresUsageStore(database)
    let there = Set(try orFault { () throws(StoreError) in try store.shares(limit: Self.sharesMax) })
    var counts = CopyReport.Counts()
    for share in theirs {
      let isThere = there.contains(share)
      if !isThere { try writeWithRetry { () throws(StoreError) in try store.save([share.entry], of: share.node) } }
      counts[isThere ? .there : .copied, default: 0] += 1
    }
    try orFault { () throws(StoreError) in try database.settle() }
    countDropped(store.usage, in: &counts)
    return counts
  }

  // MARK: - Large things

  private func runs() throws(CommandFault) -> CopyReport.Counts {
    let store = PostgresTestRunStore(database)
    let ids = try node.runIDs()
    let there = try known(ids, store.known)
    var counts = try copy("runs", ids.filter { !there.contains($0) }) { id throws(CommandFault) in
      guard let run = try node.run(id) else { return .gone }
      // The next time, when it is over: what the database has is not asked for again.
      guard run.status == .completed || run.status == .failed else { return .unfinished }
      try writeWithRetry { () throws(StoreError) in try store.save(run) }
      return .copied
    }
    counts[.there] = there.count
    countDropped(store.usage, in: &counts)
    return counts
  }

  private func calls() throws(CommandFault) -> CopyReport.Counts {
    let store = PostgresCallStore(database)
    let ids = try node.callIDs()
    let there = try known(ids, store.known)
    // They were copied in this order, so what is missing before the last one was there and had to make room. It would only push out
    // newer ones, and be missing again.
    let first = (ids.lastIndex { there.contains($0) } ?? -1) + 1
    var counts = try copy("calls", Array(ids[first...])) { id throws(CommandFault) in
      guard let call = try node.call(id) else { return .gone }
      try writeWithRetry { () throws(StoreError) in try store.append(call) }
      return .copied
    }
    counts[.there] = there.count
    countDropped(store.usage, in: &counts)
    counts[.evicted, default: 0] += first - there.count
    counts[.withoutRecording] = store.usage.recordingsDropped
    return counts
  }

  /// Which of these ids the database has.
  private func known(
    _ ids: [String], _ ask: ([String]) throws(StoreError) -> Set<String>
  ) throws(CommandFault) -> Set<String> {
    var known: Set<String> = []
    for start in stride(from: 0, to: ids.count, by: Self.questionsAtOnce) {
      let some = Array(ids[start..<min(start + Self.questionsAtOnce, ids.count)])
      known.formUnion(try orFault { () throws(StoreError) in try ask(some) })
    }
    return known
  }

  /// - Parameter copy: says what became of one, where it is counted.
  private func copy(
    _ what: String, _ ids: [String], _ copy: (String) throws(CommandFault) -> CopyReport.Outcome
  ) throws(CommandFault) -> CopyReport.Counts {
    var counts = CopyReport.Counts()
    for (index, id) in ids.enumerated() {
      ProgressLine.show("\(what): \(index + 1) of \(ids.count)")
      counts[try copy(id), default: 0] += 1
      guard (index + 1).isMultiple(of: Self.batchSize) || index + 1 == ids.count else { continue }
      try orFault { () throws(StoreError) in try database.settle() }
    }
    return counts
  }

  /// Notes what the database could not keep of what was handed over.
  private func countDropped(_ usage: StoreUsage, in counts: inout CopyReport.Counts) {
    counts[.lost] = usage.lost
    counts[.copied, default: 0] -= usage.lost
    counts[.evicted] = usage.evicted
  }

  /// Hands something over; when the queue is full, waits for it once.
  private func writeWithRetry(_ hand: () throws(StoreError) -> Void) throws(CommandFault) {
    do throws(StoreError) {
      try hand()
    } catch {
      try orFault { () throws(StoreError) in
        try database.settle()
        try hand()
      }
    }
  }

  private func orFault<Answer>(_ work: () throws(StoreError) -> Answer) throws(CommandFault) -> Answer {
    do throws(StoreError) { return try work() } catch {
      let why = if case .unavailable(let why) = error { why } else { "\(error)" }
      throw CommandFault(
        "the database cannot take everything: \(why). What was copied stays; run this again to go on", .failed)
    }
  }
}
