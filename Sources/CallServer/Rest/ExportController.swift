import CallCore
import CallDriver
import Formats
import JSON
import WebSockets

/// Hands out everything that a server keeps, exactly, for `voiceforge migrate --from`. Blocks: runs on the blocking pool.
struct ExportController: RouteController {
  let request: RouteRequest

  /// Days × keys × runs of servers; of more, the newest days. As many as a server without a database keeps.
  private static let sharesMax = 20_000

  /// Calls on one page.
  private static let pageSize = 200

  private var tests: TestStores? { request.context.testRuns?.stores }

  func summary() -> HTTPResponse {
    .json(
      .exportSummary(
        version: server.settings.version, calls: server.store.usage.entries, runs: tests?.runs.usage.entries ?? 0))
  }

  func runs() throws(StoreError) -> HTTPResponse { .json(.exportedIDs(try tests?.runs.runIDs() ?? [])) }

  func cases() throws(StoreError) -> HTTPResponse {
    Self.lines(try tests?.cases.cases().map(TestCaseArchive.json) ?? [])
  }

  func voices() throws(StoreError) -> HTTPResponse {
    Self.lines(try server.voices.store?.voices().map(MatchedVoiceArchive.json) ?? [])
  }

  func keys() throws(StoreError) -> HTTPResponse {
    Self.lines(try server.authorizer.keyService?.store.keys().map(KeyArchive.json) ?? [])
  }

  func usage() throws(StoreError) -> HTTPResponse {
    Self.lines(try server.usage.shares(limit: Self.sharesMax).map(UsageArchive.json))
  }

  func calls() throws(StoreError) -> HTTPResponse {
    let cursor = request.queryValue("cursor")
    let page = try server.store.calls(matching: CallFilter(), limit: Self.pageSize, after: cursor)
    return .json(.exportedIDs(page.calls.map(\.record.id), nextCursor: page.nextCursor))
  }

  func call() throws(StoreError) -> HTTPResponse {
    let id = request[.id]
    guard let call = try server.store.call(id: id) else { return Self.missing("call", id) }
    return Self.lines([CallArchive.summary(of: call.record), CallArchive.course(of: call.record)])
  }

  func recording() throws(StoreError) -> HTTPResponse {
    let id = request[.id]
    guard let call = try server.store.call(id: id) else { return Self.missing("call", id) }
    guard let recording = call.recording else { return HTTPResponse(status: 204) }
    return HTTPResponse(
      status: 200, headers: [("content-type", "application/octet-stream")], body: RecordingArchive.bytes(of: recording))
  }

  func run() throws(StoreError) -> HTTPResponse {
    let id = request[.id]
    guard let run = try tests?.runs.run(id: id) else { return Self.missing("run", id) }
    return Self.lines([TestRunArchive.summary(of: run), TestRunArchive.transcript(of: run)])
  }

  func flows() throws(StoreError) -> HTTPResponse {
    guard let store = server.flowService.store else { return Self.lines([]) }
    var lines: [[UInt8]] = []
    for flow in try store.flows() {
      lines += try store.versions(of: flow.name).reversed().map(FlowVersionArchive.json)
    }
    return Self.lines(lines)
  }

  func nodeFlows() throws(StoreError) -> HTTPResponse {
    Self.lines(try server.flowService.nodeFlows?.all(of: nil).map(NodeFlowArchive.json) ?? [])
  }

  /// JSON has no line breaks of its own here: `JSONWriter` escapes those of texts.
  private static func lines(_ documents: [[UInt8]]) -> HTTPResponse {
    let newline = UInt8(ascii: "\n")
    return HTTPResponse(
      status: 200, headers: [("content-type", "application/x-ndjson"), ("cache-control", "no-store")],
      body: documents.flatMap { $0 + [newline] })
  }

  private static func missing(_ what: String, _ id: String) -> HTTPResponse {
    .problem(status: 404, detail: "there is no \(what) \(id), or it is not kept any more")
  }
}
