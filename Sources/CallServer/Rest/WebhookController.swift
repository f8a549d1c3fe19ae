import CallCore
import CallDriver
import Formats
import JSON
import WebSockets
import Wires

/// What providers tell of calls that were dialed from here, and what the predecessor's clients tell of their runs. Blocks: runs on the
/// blocking pool.
struct WebhookController: RouteController {
  let request: RouteRequest

  /// Providers whose calls are placed from here.
  private static let providers: Set<String> = ["twilio"]
  /// Characters of an id that is looked at.
  private static let idMax = 100
  /// Runs that are looked through for a provider's name of a call.
  private static let runsMax = 100
  /// Why a run ends of whose call this process knows nothing.
  private static let orphaned =
    "the server was started again while the call went on, so nothing is known of it but that it is over"

  func voice() throws(StoreError) -> HTTPResponse {
    guard Self.providers.contains(request[.provider]) else {
      return .problem(status: 404, detail: "there is no provider \(request[.provider]); there is twilio")
    }
    let type = request.http.headers["content-type"]?.prefix { $0 != ";" && $0 != " " }.lowercased()
    return type == "application/json" ? try envelope() : try form()
  }

  // MARK: - Twilio's form

  private func form() throws(StoreError) -> HTTPResponse {
    guard let form = FormFields(request.http.body) else {
      return .problem(status: 400, detail: "the body is no form of application/x-www-form-urlencoded and no JSON")
    }
    guard let sid = form["CallSid"], (1...Self.idMax).contains(sid.count) else {
      return .problem(status: 400, detail: "CallSid: expected the provider's name for the call")
    }
    guard let status = form["CallStatus"].flatMap(PhoneCallRecord.Status.init(word:)) else {
      return .problem(status: 400, detail: "CallStatus: expected one of \(Self.statuses)")
    }
    return try told(status, id: request.queryValue(DialService.idItem)?.bounded(to: Self.idMax), sid: sid)
  }

  private static let statuses = PhoneCallRecord.Status.allCases.map(\.rawValue).joined(separator: ", ")

  private func told(_ status: PhoneCallRecord.Status, id: String?, sid: String) throws(StoreError) -> HTTPResponse {
    if let id = server.dials.told(status, id: id, sid: sid) { return .json(.webhook(id: id, status: status.rawValue)) }
    guard let run = try run(id: id, sid: sid) else {
      return .problem(status: 404, detail: "no call of that name was dialed from here")
    }
    try endOrphan(run, status, sid: sid)
    return .json(.webhook(id: run.id, status: status.rawValue))
  }

  private func run(id: String?, sid: String) throws(StoreError) -> TestRun? {
    guard let runs = request.context.testRuns?.stores.runs else { return nil }
    if let id { return try runs.run(id: id) }
    return try runs.runs(limit: Self.runsMax).first { $0.providerCallID == sid }
  }

  /// A run that another start of this server began, whose call is over now. One that is over already stays as it is.
  private func endOrphan(_ run: TestRun, _ status: PhoneCallRecord.Status, sid: String) throws(StoreError) {
    guard let runs = request.context.testRuns?.stores.runs, run.mode == .live, !run.status.isOver, status.isFinal,
      (run.providerCallID ?? sid) == sid
    else { return }
    var run = run
    run.status = .failed
    run.providerCallID = sid
    run.updatedAtUnixMicroseconds = max(TestRunQueue.now, run.createdAtUnixMicroseconds)
    run.evaluation = RunEvaluation(
      isPassed: false, summary: "not assessed; \(Self.orphaned)", failures: ["invalid: call: \(Self.orphaned)"],
      steps: [], deviates: false)
    try runs.save(run)
  }

  // MARK: - The predecessor's envelope

  private func envelope() throws(StoreError) -> HTTPResponse {
    let body: VoiceWebhook
    do throws(WireFault) { body = try VoiceWebhook(parsing: request.http.body) } catch {
      return .problem(status: error.code == .messageTooLarge ? 413 : 400, detail: error.message)
    }
    guard let runs = request.context.testRuns?.stores.runs, let run = try runs.run(id: body.runID) else {
      return .problem(status: 404, detail: "there is no run \(body.runID), or it is not kept any more")
    }
    if let word = body.callStatus, PhoneCallRecord.Status(word: word) == nil {
      return .problem(status: 400, detail: "webhook.provider_payload.CallStatus: expected one of \(Self.statuses)")
    }
    let status = body.isCompleted ? .completed : body.callStatus.flatMap(PhoneCallRecord.Status.init(word:))
    // The provider alone says, and signs, what it calls the call: whoever has a key may not give it another name.
    if !run.status.isOver, let status, let sid = run.providerCallID, body.callID ?? sid == sid {
      _ = server.dials.told(status, id: run.id, sid: sid)
    }
    return .json(.webhook(id: run.id, status: run.status.rawValue))
  }
}
