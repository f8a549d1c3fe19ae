import CallCore
import CallDriver
import Formats
import JSON
import WebSockets

/// Finds out what a request for everything that is kept asks for. Every handler reads a store, so it runs on the blocking pool.
struct ExportRoutes {
  let server: ServerContext
  /// `nil` on a server without test cases.
  let tests: TestStores?

  /// Whether a path, in its parts, is answered here.
  static func owns(_ path: [String]) -> Bool { path.starts(with: ["api", "export"]) }

  func respond(to request: HTTPRequest, _ path: [String], reply: HTTPReply) {
    let answers = ExportController(server: server, tests: tests)
    let refusal = server.requestPool.submit(from: server.peer(of: request)) {
      do throws(StoreError) {
        reply.send(try answers.answer(to: request, Array(path.dropFirst(2))))
      } catch {
        reply.send(.problem(error))
      }
    }
    if let refusal { reply.send(refusal) }
  }
}

/// Hands out everything that a server keeps, exactly, for `voiceforge migrate --from`. Blocks: runs on the blocking pool.
struct ExportController {
  let server: ServerContext
  let tests: TestStores?

  /// Days × keys × runs of servers; of more, the newest days. As many as a server without a database keeps.
  private static let sharesMax = 20_000

  /// Calls on one page.
  private static let pageSize = 200

  /// - Parameter parts: of the path, behind `/api/export`.
  func answer(to request: HTTPRequest, _ parts: [String]) throws(StoreError) -> HTTPResponse {
    switch (parts.first, parts.count) {
    case (nil, _):
      .json(
        ExportSummary(
          version: server.settings.version, calls: server.store.usage.entries, runs: tests?.runs.usage.entries ?? 0)
      )
    case ("calls", 1): try calls(after: request.queryValue("cursor"))
    case ("calls", 2): try call(parts[1])
    case ("calls", 3): try recording(of: parts[1])
    case ("runs", 1): .json(ExportedIDs(ids: try tests?.runs.runIDs() ?? []))
    case ("runs", 2): try run(parts[1])
    case ("cases", 1): Self.lines(try tests?.cases.cases().map(TestCaseArchive.json) ?? [])
    case ("flows", 1): Self.lines(try flows())
    case ("voices", 1): Self.lines(try server.voices.store?.voices().map(MatchedVoiceArchive.json) ?? [])
    case ("keys", 1): Self.lines(try server.authorizer.keyService?.store.keys().map(KeyArchive.json) ?? [])
    case ("usage", 1): Self.lines(try server.usage.shares(limit: Self.sharesMax).map(UsageArchive.json))
    default: .problem(status: 404, detail: "nothing is at \(request.path)")
    }
  }

  private func calls(after cursor: String?) throws(StoreError) -> HTTPResponse {
    let page = try server.store.calls(matching: CallFilter(), limit: Self.pageSize, after: cursor)
    return .json(ExportedIDs(ids: page.calls.map(\.record.id), nextCursor: page.nextCursor))
  }

  private func call(_ id: String) throws(StoreError) -> HTTPResponse {
    guard let call = try server.store.call(id: id) else { return Self.missing("call", id) }
    return Self.lines([CallArchive.summary(of: call.record), CallArchive.course(of: call.record)])
  }

  private func recording(of id: String) throws(StoreError) -> HTTPResponse {
    guard let call = try server.store.call(id: id) else { return Self.missing("call", id) }
    guard let recording = call.recording else { return HTTPResponse(status: 204) }
    return HTTPResponse(
      status: 200, headers: [("content-type", "application/octet-stream")], body: RecordingArchive.bytes(of: recording))
  }

  private func run(_ id: String) throws(StoreError) -> HTTPResponse {
    guard let run = try tests?.runs.run(id: id) else { return Self.missing("run", id) }
    return Self.lines([TestRunArchive.summary(of: run), TestRunArchive.transcript(of: run)])
  }

  private func flows() throws(StoreError) -> [[UInt8]] {
    guard let store = server.flowService.store else { return [] }
    var lines: [[UInt8]] = []
    for flow in try store.flows() {
      lines += try store.versions(of: flow.name).reversed().map {
        ArchivedFlowVersion(
          name: $0.name, version: $0.version, text: $0.text, savedAtUnixMicroseconds: $0.savedAtUnixMicroseconds
        ).json
      }
    }
    return lines
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
