import CallCore
import CallDriver
import CallServer
import Logging
import Stores

/// Where a server keeps its calls, test cases and runs, its keys, flows, matched voices and usage: in memory, or in a database.
struct StoreSet {
  let calls: any CallStore
  let keys: any KeyStore
  let flows: any FlowStore
  let nodeFlows: any TelephonyResourceStore<NodeFlow>
  let matchedVoices: any MatchedVoiceStore
  let usage: any UsageStore
  /// What keys have for telephone calls.
  let providers: any TelephonyResourceStore<TelephonyProvider>
  let numbers: any TelephonyResourceStore<TelephonyNumber>
  let phoneCalls: any TelephonyResourceStore<PhoneCallRecord>
  let campaigns: any CampaignStore
  private let cases: any TestCaseStore
  private let runs: any TestRunStore
  private let database: PostgresDatabase?

  /// In memory.
  init(calls history: MemoryCallStore) {
    calls = history
    cases = MemoryTestCaseStore()
    runs = MemoryTestRunStore()
    keys = MemoryKeyStore()
    flows = MemoryFlowStore()
    nodeFlows = MemoryTelephonyStore(limits: .nodeFlows)
    matchedVoices = MemoryMatchedVoiceStore()
    usage = MemoryUsageStore()
    providers = MemoryTelephonyStore(limits: .providers)
    numbers = MemoryTelephonyStore(limits: .numbers)
    phoneCalls = MemoryTelephonyStore(limits: .calls)
    campaigns = MemoryCampaignStore()
    database = nil
  }

  /// In a database. One that is away is waited for meanwhile; what only a person can mend is told at once.
  init(database url: String, settings: PostgresSettings, log: Logger) throws(CommandFault) {
    do throws(DatabaseFault) {
      let database = try PostgresDatabase(url, settings: settings) { news in
        switch news {
        case .ready: log.info("\(news)")
        case .away: log.warning("\(news)")
        case .refused, .unwritten: log.error("\(news)")
        }
      }
      try database.start()
      calls = PostgresCallStore(database)
      cases = PostgresTestCaseStore(database)
      runs = PostgresTestRunStore(database)
      keys = PostgresKeyStore(database)
      flows = PostgresFlowStore(database)
      nodeFlows = PostgresTelephonyStore<NodeFlow>(database)
      matchedVoices = PostgresMatchedVoiceStore(database)
      usage = PostgresUsageStore(database)
      providers = PostgresTelephonyStore<TelephonyProvider>(database)
      numbers = PostgresTelephonyStore<TelephonyNumber>(database)
      phoneCalls = PostgresTelephonyStore<PhoneCallRecord>(database)
      campaigns = PostgresCampaignStore(database)
      self.database = database
    } catch {
      throw CommandFault(database: error)
    }
  }

  /// The store of test cases with those of the server's folder in it.
  func tests(with folder: [TestCase], log: Logger) throws(CommandFault) -> TestStores {
    let change: TestCaseChange
    do throws(StoreError) {
      change = try add(folder)
    } catch {
      log.warning("the test cases of the folder are offered after the next start with the database: \(error)")
      change = .done
    }
    guard change == .done else { throw CommandFault("the test cases cannot be kept: \(change)") }
    logUnusable(log)
    return TestStores(cases: cases, runs: runs, readSound: CaseFiles.sound)
  }

  /// Names cases that an earlier version took; they are served, and the check in question fails.
  private func logUnusable(_ log: Logger) {
    do throws(StoreError) {
      for testCase in try cases.cases() {
        for (source, fault) in testCase.expressionFaults {
          log.error("the test case \(testCase.id) has a check that cannot be used and fails: /\(source)/ \(fault)")
        }
      }
    } catch {
      log.warning("whether all test cases can be used is not known: \(error)")
    }
  }

  /// Whether a server with these keys may listen where its settings say.
  /// - Throws: what is missing. Where the database does not say whether there are keys, only the environment's key lets a server listen
  ///   for other machines: should there be none, everybody would be let in when it is back.
  func check(_ settings: ServerSettings) throws(CommandFault) {
    let rule = ListenAddressRule(settings: settings, hasKeys: true)
    guard settings.apiKey == nil, rule.isReachable else { return try rule.check() }
    let known: [APIKey]
    do throws(StoreError) { known = try keys.keys() } catch {
      throw CommandFault(
        "--host \(settings.address) is reachable from other machines, and whether there are keys cannot be found out (\(error)): start "
          + "when the database answers, or set VOICE_API_KEY", .unreachable)
    }
    try ListenAddressRule(settings: settings, hasKeys: !known.isEmpty).check()
  }

  /// What the server's keys have for telephone calls.
  func telephony(_ secrets: SecretsKeys) -> TelephonyStores {
    TelephonyStores(providers: providers, numbers: numbers, calls: phoneCalls, campaigns: campaigns, secrets: secrets)
  }

  /// Writes what waits, for a few seconds at most; what is lost is logged.
  func close() { database?.stop() }

  /// A case that came from a file before takes that file's new text; one that was changed over REST, which has no file, stays.
  private func add(_ folder: [TestCase]) throws(StoreError) -> TestCaseChange {
    var kept: [String: TestCase] = [:]
    for testCase in try cases.cases() { kept[testCase.id] = testCase }
    for testCase in folder {
      guard let old = kept[testCase.id], old != testCase, !old.source.file.isEmpty else { continue }
      let change = try cases.replace(testCase)
      guard change == .done || change == .missing else { return change }
    }
    let change = try cases.add(folder.filter { kept[$0.id] == nil })
    // Another server that starts with the same folder was faster.
    if case .taken = change, try cases.cases().count > kept.count { return try add(folder) }
    return change
  }
}
