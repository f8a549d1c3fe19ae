import CallCore
import CallDriver
import Formats
import JSON
import WebSockets

/// What REST says about load tests. Blocks: runs on the blocking pool.
struct LoadTestController: RouteController {
  let request: RouteRequest

  /// The setting that lets a load be run, as it stands in the environment.
  private static let setting = "VOICEFORGE_ALLOW_LOAD"

  private var service: LoadTestService? { request.context.loads }

  func list() -> HTTPResponse {
    let (runs, running) = service?.all ?? ([], nil)
    let usual = service?.generator.usualThresholds ?? []
    return .json(
      JSONObject { writer in
        writer.field("allowed", service != nil)
        writer.field("setting", Self.setting)
        writer.field("running", running)
        writer.object("limits") { writer in
          writer.field("callsMax", LoadRequest.callsMax)
          writer.field("holdMaxSeconds", server.settings.loads.holdMaxSeconds)
          writer.field("generatorsMax", LoadRequest.generatorsMax)
          writer.field("sharedCallsMax", LoadRequest.sharedCallsMax)
        }
        writer.field("sharedTarget", service?.generator.sharedTarget)
        writer.list("usualThresholds", usual.map(\.text))
        writer.list("usualThresholdParts", usual)
        writer.list("runs", runs.map(\.document))
      })
  }

  /// Starts a run.
  func begin() -> HTTPResponse {
    guard let service else {
      return .problem(
        status: 403,
        detail: "this server runs no load tests, which must be asked for: set \(Self.setting)=true and start it again")
    }
    do throws(RouteError) {
      let run = try started(try body(service), by: service)
      return .json(run.document, status: 202, location: "/api/load/\(run.id)")
    } catch {
      return error.response
    }
  }

  func one() -> HTTPResponse {
    let id = request[.id]
    guard let service, let run = service[id] else { return missing(id) }
    let since = request.queryValue("since") ?? "0"
    guard let since = Int(since), since >= 0 else {
      return .problem(status: 400, detail: "since: expected a number of seconds from 0, got \(since)")
    }
    return .json(run.document(since: since, service.limits))
  }

  /// Ends a run; one that is over stays as it is.
  func stop() -> HTTPResponse {
    let id = request[.id]
    guard let run = service?.stop(id) else { return missing(id) }
    return .json(run.document, status: run.state.isOver ? 200 : 202)
  }

  /// The page; its style is in it. It may be shown in a frame of our own page.
  func report() -> HTTPResponse {
    let id = request[.id]
    guard let service, let run = service[id] else { return missing(id) }
    guard let page = run.page else {
      return run.state.isOver
        ? .problem(status: 404, detail: "the run \(id) ended without a report")
        : .later(1, status: 409, "the run \(id) is \(run.state.rawValue); its report comes when it is over")
    }
    return HTTPResponse(
      status: 200,
      headers: [
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", service.generator.reportPolicy + "; frame-ancestors 'self'"),
        ("x-frame-options", "sameorigin"),
      ], body: page)
  }

  // MARK: - Starting

  private func body(_ service: LoadTestService) throws(RouteError) -> LoadRequest {
    let body: LoadRequest
    do throws(WireFault) { body = try LoadRequest(parsing: request.http.body) } catch {
      throw RouteError(.problem(error))
    }
    if let fault = service.generator.fault(in: body, holdMaxSeconds: service.limits.holdMaxSeconds) {
      throw RouteError(422, "load.\(fault)")
    }
    for one in body.cases { try check(one.id) }
    return body
  }

  /// The generator reads the files of test cases itself: it knows nothing of what came over REST.
  private func check(_ id: String) throws(RouteError) {
    guard let cases = request.context.testRuns?.stores.cases else { return }
    let found: TestCase?
    do throws(StoreError) { found = try cases.testCase(id: id) } catch { throw RouteError(.problem(error)) }
    guard let found else { throw RouteError(422, "load.cases: there is no test case \(id)") }
    guard !found.source.file.isEmpty else {
      throw RouteError(
        422,
        "load.cases: \(id) came over REST; a load takes the cases of the server's folder, so put it in a file there")
    }
  }

  private func started(_ body: LoadRequest, by service: LoadTestService) throws(RouteError) -> LoadTestRecord {
    if server.speechService == nil {
      throw RouteError(.later(2, "the speech engines are not there: no call can be taken"))
    }
    do throws(LoadTestService.Refusal) { return try service.begin(body) } catch {
      switch error {
      case .busy(let id):
        var response = HTTPResponse.problem(
          status: 409, detail: "the load test \(id) goes on, and there is one at a time; DELETE /api/load/\(id) ends it"
        )
        response.headers.append(("location", "/api/load/\(id)"))
        throw RouteError(response)
      case .closed: throw RouteError(.later(10, "the server is going down"))
      case .broken(let why): throw RouteError(500, why)
      }
    }
  }

  private func missing(_ id: String) -> HTTPResponse {
    .problem(status: 404, detail: "there is no load test \(id), or it is not kept any more")
  }
}
