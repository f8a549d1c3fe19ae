import TestSupport
import CallClient
import CallCore
import CallDriver
import CallServer
import JSON
import Glibc
import Logging
import Stores
import WebSockets

/// A whole server on a free port of this machine, with the real engines unless told otherwise.
final class TestServer: Sendable {
  let server: VoiceServer
  let store: any CallStore
  private let client = HTTPClient()

  /// For tests that leave no trace in it but calls.
  static let shared = Result { try TestServer() }

  init(
    engines: any SpeechEngines = TestEngines.catalog, flows: FlowLibrary? = nil, flowStore: (any FlowStore)? = nil,
    store: any CallStore = MemoryCallStore(), tests: TestStores? = nil,
    keys: (any KeyStore)? = nil, logLines: Probe<[String]>? = nil,
    matchedVoices: (any MatchedVoiceStore)? = nil,
    telephony: TelephonyStores? = nil, model: any LanguageModel = AbsentLanguageModel(),
    generator: (any LoadGenerator)? = nil, stallEnding: StallEnding = .ofProcess {}, waits: Bool = true,
    _ adjust: (inout ServerSettings) -> Void = { _ in }
  ) throws {
    var settings = ServerSettings()
    settings.port = 0
    settings.drainTime = .zero
    settings.admission = .everyCall
    adjust(&settings)
    var log = Logger(label: "test") { label in
      if let logLines { KeptLog(lines: logLines) } else { StreamLogHandler.standardError(label: label) }
    }
    log.logLevel = logLines == nil ? .critical : .trace
    let library = try flows ?? TestFlows.library()
    let flows =
      try flowStore.map {
        try FlowService(
          $0, files: TestFlows.files(), at: 1_000_000, nodeFlows: MemoryTelephonyStore(limits: .nodeFlows))
      } ?? FlowService(fixed: library)
    server = try VoiceServer(
      settings: settings, engines: engines, flows: flows, store: store, tests: tests, keys: keys,
      matchedVoices: matchedVoices, usage: MemoryUsageStore(), telephony: telephony, model: model,
      generator: generator, stallEnding: stallEnding, log: log)
    self.store = store
    try server.start()
    guard waits else { return }
    guard (eventually { server.isReady }) else { throw TestServerError.neverReady }
  }

  deinit {
    client.stop()
    server.stop()
  }

  enum TestServerError: Error { case neverReady, noAnswer }

  var callURL: String { "ws://127.0.0.1:\(server.port)/v1/call" }
  var url: String { "http://127.0.0.1:\(server.port)" }

  /// Asks for a page; waits for the answer.
  func ask(
    _ path: String, method: String = "GET", headers: [(name: String, value: String)] = [], body: String = ""
  ) throws -> HTTPClientResponse {
    try Self.ask(url + path, method: method, headers: headers, body: Array(body.utf8), by: client)
  }

  /// The same with bytes.
  func send(
    _ path: String, _ bytes: [UInt8], type: String, method: String = "POST", key: String? = nil
  ) throws -> HTTPClientResponse {
    var headers = [(name: "content-type", value: type)]
    if let key { headers.append(("authorization", "Bearer \(key)")) }
    return try Self.ask(url + path, method: method, headers: headers, body: bytes, by: client)
  }

  /// The JSON of a page that answers 200.
  func json(_ path: String) throws -> JSONValue { try JSONValue(parsing: ask(path).body) }

  /// One figure of `/metrics`.
  func figure(_ name: String) throws -> Double? {
    let lines = String(decoding: try ask("/metrics").body, as: UTF8.self).split(separator: "\n")
    return lines.first { $0.hasPrefix(name + " ") }.flatMap { Double($0.dropFirst(name.utf8.count + 1)) }
  }

  /// The record of a call, once it is in the history.
  func record(_ id: String) -> StoredCall? {
    var found: StoredCall?
    _ = eventually {
      do throws(StoreError) { found = try store.call(id: id) } catch { return false }
      return found != nil
    }
    return found
  }

  private static func ask(
    _ url: String, method: String, headers: [(name: String, value: String)], body: [UInt8], by client: HTTPClient
  ) throws -> HTTPClientResponse {
    let answer = Probe<Result<HTTPClientResponse, HTTPClientError>?>(nil)
    let request = HTTPClientRequest(
      method: method, url: url, headers: headers, body: body, timeout: .seconds(60), responseBytesMax: 64 << 20)
    client.send(request) { result in answer.change { $0 = result } }
    guard answer.wait(until: { $0 != nil }), let result = answer.current else { throw TestServerError.noAnswer }
    return try result.get()
  }
}

extension AdmissionLimits {
  /// No load closes the door: how late a thread of a busy machine is says nothing about what a test tries.
  static let everyCall = {
    var limits = AdmissionLimits()
    (limits.loopShareMax, limits.engineShareMax) = (100, 100)
    (limits.engineQueueMax, limits.callStartsPerSecondMax) = (1000, 1000)
    (limits.engineWaitMax, limits.tickLatenessMax) = (.seconds(60), .seconds(60))
    return limits
  }()
}
