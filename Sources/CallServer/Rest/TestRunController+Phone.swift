import CallCore
import CallDriver
import Formats
import FoundationEssentials
import Simulation
import Threads
import WebSockets
import Wires

extension TestRunController {
  /// Has a case held over the telephone. Answers once the call is placed, or is over where that is asked for.
  func beginPhoneRun(_ body: TestRunRequest, _ testCase: TestCase, _ reply: HTTPReply) {
    guard let phoneRuns = request.context.phoneRuns else {
      let missing = server.dials.missingSettings ?? "this server has no test cases"
      return reply.send(.problem(status: 501, detail: "\(missing); or run the case with mode simulation"))
    }
    let order: PhoneRunQueue.Order
    do throws(RouteError) { order = try self.order(body, testCase) } catch { return reply.send(error.response) }
    if case .refuse(let seconds, let reason) = server.admit(key: request.key) {
      return reply.send(.later(seconds, reason))
    }
    let isAnswered = Locked(false)
    let answer: @Sendable (TestRun) -> Void = { run in
      let isFirst = isAnswered.withLock { isAnswered in
        defer { isAnswered = true }
        return !isAnswered
      }
      if isFirst { reply.send(.json(.startedTestRun(run))) }
    }
    do throws(PhoneRunRefusal) {
      let waits = body.waits
      try phoneRuns.begin(order) { run in
        if !waits { answer(run) }
      } whenOver: { run in
        answer(run)
      }
    } catch {
      reply.send(error.response)
    }
  }

  private func order(_ body: TestRunRequest, _ testCase: TestCase) throws(RouteError) -> PhoneRunQueue.Order {
    guard body.provider == "twilio" else {
      throw RouteError(400, "run.provider: calls are placed through twilio, got \(body.provider)")
    }
    let key = request.key ?? ""
    guard server.authorizer.keyService?.grants(.dial, to: key) ?? true else {
      throw RouteError(403, "the key may not have telephones called: it has not the scope dial")
    }
    let to = try number(body.toNumber, "to_number", missing: "a live run needs the number to be called")
    let from = try number(
      body.fromNumber ?? server.dials.settings.from, "from_number",
      missing: "a live run needs a number of the account, here or in TWILIO_FROM_NUMBER")
    if let fault = testCase.unobservable(over: .twilio, skipsExpectations: body.skipsUnobservable).first {
      let advice = fault.text.replacing("add --skip-unobservable", with: "send skip_unobservable: true")
      throw RouteError(422, "\(testCase.id): \(advice)")
    }
    if let refusal = rejectWithoutEngines() { throw RouteError(refusal) }
    let model = try model(for: testCase, of: nil)
    var run = TestRun(
      id: UUID().uuidString.lowercased(), testID: testCase.id, provider: body.provider, mode: .live,
      createdAtUnixMicroseconds: TestRunQueue.now, turnsAll: testCase.turns.count)
    run.metadata = body.metadata
    var order = PhoneRunQueue.Order(
      run: run, testCase: testCase, seed: UInt64(body.seed), to: to, from: from, key: key)
    (order.keepsSound, order.model) = (body.isRecorded, model)
    return order
  }

  private func number(_ text: String?, _ name: String, missing: String) throws(RouteError) -> PhoneNumber {
    guard let text else { throw RouteError(400, "run.\(name): \(missing)") }
    do throws(PhoneNumber.Fault) { return try PhoneNumber(text) } catch {
      throw RouteError(400, "run.\(name): \(error.text)")
    }
  }
}

extension PhoneRunRefusal {
  fileprivate var response: HTTPResponse {
    switch self {
    case .store(let error): .problem(error)
    case .dialing(let refusal): refusal.response
    }
  }
}

extension DialRefusal {
  /// The answer to whoever wanted a call.
  var response: HTTPResponse {
    switch self {
    case .notSetUp: .problem(status: 501, detail: "\(self)")
    case .forbidden: .problem(status: 403, detail: "\(self)")
    case .stopped: .later(60, "\(self)")
    case .busy: .later(10, "\(self)")
    case .rate(_, let seconds): .later(seconds, status: 429, "\(self)")
    case .taken: .problem(status: 409, detail: "\(self)")
    }
  }
}
