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
    return .json(
      LoadList(
        isAllowed: service != nil, setting: Self.setting, running: running,
        holdMaxSeconds: server.settings.loads.holdMaxSeconds,
        usualThresholds: service?.generator.usualThresholds ?? [], runs: runs))
  }

  /// Starts a run.
  func begin() -> HTTPResponse {
    guard let service else {
      return .problem(
        status: 403,
        detail: "this server runs no load tests, which must be asked for: set \(Self.setting)=true and start it again")
    }
    do throws(Refused) {
      let body = try body(service)
      let document = try started(body, by: service)
      var response = HTTPResponse.json(document)
      response.status = 202
      response.headers.append(("location", "/api/load/\(document.id)"))
      return response
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
    guard let document = service?.stop(id) else { return missing(id) }
    var response = HTTPResponse.json(document)
    response.status = document.state.isOver ? 200 : 202
    return response
  }

  /// The page; its style is in it. It may be shown in a frame of our own page.
  func report() -> HTTPResponse {
    let id = request[.id]
    guard let service, let run = service[id] else { return missing(id) }
    guard let page = run.page else {
      return run.document.state.isOver
        ? .problem(status: 404, detail: "the run \(id) ended without a report")
        : .later(1, status: 409, "the run \(id) is \(run.document.state.rawValue); its report comes when it is over")
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

  private struct Refused: Error {
    let response: HTTPResponse

    init(_ status: Int, _ detail: String) { response = .problem(status: status, detail: detail) }
    init(_ response: HTTPResponse) { self.response = response }
  }

  private func body(_ service: LoadTestService) throws(Refused) -> LoadRequest {
    let body: LoadRequest
    do throws(WireFault) { body = try LoadRequest(parsing: request.http.body) } catch {
      switch error.code {
      case .messageTooLarge: throw Refused(413, error.message)
      case .malformedJSON, .tooDeep: throw Refused(400, error.message)
      default: throw Refused(422, error.message)
      }
    }
    if let fault = service.generator.fault(in: body, holdMaxSeconds: service.limits.holdMaxSeconds) {
      throw Refused(422, "load.\(fault)")
    }
    for one in body.cases { try check(one.id) }
    return body
  }

  /// The generator reads the files of test cases itself: it knows nothing of what came over REST.
  private func check(_ id: String) throws(Refused) {
    guard let cases = request.context.testRuns?.stores.cases else { return }
    let found: TestCase?
    do throws(StoreError) { found = try cases.testCase(id: id) } catch { throw Refused(.problem(error)) }
    guard let found else { throw Refused(422, "load.cases: there is no test case \(id)") }
    guard !found.source.file.isEmpty else {
      throw Refused(
        422,
        "load.cases: \(id) came over REST; a load takes the cases of the server's folder, so put it in a file there")
    }
  }

  private func started(_ body: LoadRequest, by service: LoadTestService) throws(Refused) -> LoadRunDocument {
    if server.speechService == nil {
      throw Refused(.later(2, "the speech engines are not there: no call can be taken"))
    }
    do throws(LoadTestService.Refusal) { return try service.begin(body) } catch {
      switch error {
      case .busy(let id):
        var response = HTTPResponse.problem(
          status: 409, detail: "the load test \(id) goes on, and there is one at a time; DELETE /api/load/\(id) ends it"
        )
        response.headers.append(("location", "/api/load/\(id)"))
        throw Refused(response)
      case .closed: throw Refused(.later(10, "the server is going down"))
      case .broken(let why): throw Refused(500, why)
      }
    }
  }

  private func missing(_ id: String) -> HTTPResponse {
    .problem(status: 404, detail: "there is no load test \(id), or it is not kept any more")
  }
}
