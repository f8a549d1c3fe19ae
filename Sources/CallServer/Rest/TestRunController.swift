import CallCore
import CallDriver
import JSON
import Formats
import Simulation
import WebSockets

/// What REST says about runs of test cases. Blocks: runs on the blocking pool.
struct TestRunController {
  let queue: TestRunQueue
  let shared: ResponseCache

  /// The newest runs in the predecessor's array.
  func list(_ request: HTTPRequest) -> HTTPResponse {
    let limit = request.queryValue("limit") ?? "10"
    guard let limit = Int(limit), (1...100).contains(limit) else {
      return .problem(status: 400, detail: "limit: expected 1 to 100, got \(limit)")
    }
    do throws(StoreError) {
      return .json(TestRunDocument.json(of: try queue.stores.runs.runs(limit: limit)))
    } catch {
      return .problem(error)
    }
  }

  func one(_ id: String) -> HTTPResponse {
    run(id) { .json(TestRunDocument($0, hasTranscript: true)) }
  }

  /// Progress or a report.
  func part(_ name: String, of id: String) -> HTTPResponse {
    switch name {
    case "progress": run(id) { .json(TestRunProgress($0, nowUnixMicroseconds: TestRunQueue.now)) }
    case "report": result(of: id, name, Self.page)
    case "report.json": result(of: id, name) { .json(JSONReport.bytes(of: $0)) }
    case "junit.xml":
      result(of: id, name) {
        HTTPResponse(status: 200, contentType: "application/xml; charset=utf-8", text: JUnitReport.text(of: $0))
      }
    default: .problem(status: 404, detail: "a run has progress, report, report.json and junit.xml, but no \(name)")
    }
  }

  /// The page may be shown in a frame of our own page; its style, script and sound are in it.
  private static func page(of run: SimulationRun) -> HTTPResponse {
    var response = HTTPResponse(
      status: 200, contentType: "text/html; charset=utf-8", text: HTMLReport.text(of: run))
    response.headers += [
      ("content-security-policy", HTMLReport.policy + "; frame-ancestors 'self'"), ("x-frame-options", "sameorigin"),
    ]
    return response
  }

  private func run(_ id: String, _ answer: (TestRun) -> HTTPResponse) -> HTTPResponse {
    do throws(StoreError) {
      guard let run = try queue.stores.runs.run(id: id) else {
        return .problem(status: 404, detail: "there is no run \(id), or it is not kept any more")
      }
      return answer(run)
    } catch {
      return .problem(error)
    }
  }

  private func result(
    of id: String, _ name: String, _ answer: (SimulationRun) -> HTTPResponse
  ) -> HTTPResponse {
    // Before the run is looked up: it is over when its result is there, and might come to be over in between.
    if let result = queue.results[id] { return shared.response("\(name) of \(id)") { answer(result) } }
    return run(id) { run in
      run.status.isOver
        ? .problem(status: 410, detail: "the report of \(id) had to make room for newer ones; run the case again")
        : .later(1, status: 409, "the run \(id) is \(run.status.rawValue); its report comes when it is over")
    }
  }
}

extension HTTPResponse {
  /// 200 with JSON that is written already.
  static func json(_ bytes: [UInt8]) -> HTTPResponse {
    HTTPResponse(status: 200, headers: [("content-type", "application/json")], body: bytes)
  }
}
