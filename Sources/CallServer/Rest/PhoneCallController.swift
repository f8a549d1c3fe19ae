import CallCore
import CallDriver
import Formats
import FoundationEssentials
import JSON
import WebSockets
import Wires

/// What REST says about telephone calls. Blocks: runs on the blocking pool. A key sees its own alone.
struct PhoneCallController: OwnedResourceController {
  static let noun = "call"

  let request: RouteRequest
  private let phone: PhoneCallService
  private var stores: TelephonyStores { phone.stores }

  var resources: any TelephonyResourceStore<PhoneCallRecord> { stores.calls }

  init?(request: RouteRequest) {
    guard let phone = request.context.server.phoneCalls else { return nil }
    (self.request, self.phone) = (request, phone)
  }

  /// Calls of a page.
  private static let usualLimit = 50
  static let limits = 1...200

  /// The newest first.
  func list() throws(StoreError) -> HTTPResponse {
    let limit: Int
    if let text = request.queryValue("limit") {
      guard let number = Int(text), Self.limits.contains(number) else {
        return .problem(status: 400, detail: "limit: expected 1 to \(Self.limits.upperBound), got \(text.quoted)")
      }
      limit = number
    } else {
      limit = Self.usualLimit
    }
    let calls = try stores.calls.newest(
      of: request.owner, in: request.queryValue("campaignId"), limit: limit, before: request.queryValue("before"))
    return .json(JSONObject.array(calls.map(JSONObject.phoneCall)))
  }

  func one() throws(StoreError) -> HTTPResponse {
    guard let call = try own() else { return missing }
    return .json(.phoneCall(call))
  }

  /// Has a call placed; the answer comes before anybody is rung.
  func place() throws(StoreError) -> HTTPResponse {
    let body: PhoneCallRequest
    do throws(WireFault) {
      body = try PhoneCallRequest(parsing: request.http.body)
      _ = try E164.number(body.from, place: "call.from")
      _ = try E164.number(body.to, place: "call.to")
    } catch { return .problem(error) }
    guard try stores.providers.one(id: body.providerID)?.owner == request.owner else {
      return .problem(status: 422, detail: "call.providerId: there is no provider \(body.providerID.quoted)")
    }
    if let flow = body.flow, server.flows[flow] == nil {
      return .problem(status: 422, detail: "call.flowId: \(server.flowService.absence(of: flow, to: request.owner))")
    }
    var call = PhoneCallRecord(
      id: UUID().uuidString.lowercased(), owner: request.owner, providerID: body.providerID, direction: .outbound,
      from: body.from, to: body.to, createdAtUnixMicroseconds: APIKeyService.now.unixMicroseconds)
    (call.flow, call.metadata) = (body.flow, body.metadata)
    call.numberID = server.numbers?[body.from].flatMap { $0.owner == request.owner ? $0.id : nil }
    do throws(PhoneCallRefusal) { try phone.admit(call) } catch { return error.response }
    do throws(StoreError) { _ = try stores.calls.add(call) } catch {
      phone.release(call)
      throw error
    }
    phone.place(call)
    return .json(.phoneCall(call), status: 201, location: "/api/telephony/calls/\(call.id)")
  }

  /// Hangs up; what is over already stays as it is.
  func hangUp() throws(StoreError) -> HTTPResponse {
    guard let call = try own() else { return missing }
    do throws(PhoneCallRefusal) {
      try phone.hangUp(call, why: "it was hung up with DELETE /api/telephony/calls/{id}")
    } catch { return error.response }
    return .json(.success)
  }

  // MARK: - Twilio's webhooks

  /// What Twilio does with a call that was placed from here, where it asks for that.
  func twiML() throws(StoreError) -> HTTPResponse {
    try signed { call, _ in .twiML(phone.twiML(for: call)) }
  }

  /// How a call goes on. What comes twice or late changes nothing.
  func status() throws(StoreError) -> HTTPResponse {
    try signed { call, form in
      guard let sid = form["CallSid"], (1...100).contains(sid.utf8.count),
        call.providerCallID == nil || call.providerCallID == sid
      else { return .problem(status: 400, detail: "CallSid: expected the provider's name for this call") }
      guard let status = form["CallStatus"].flatMap(PhoneCallRecord.Status.init(word:))
      else { return .problem(status: 400, detail: "CallStatus: expected a word such as ringing or completed") }
      let seconds = form["CallDuration"].flatMap { Int($0) }.flatMap { (0...604_800).contains($0) ? $0 : nil }
      // Whoever dialed it knows more; after a restart nobody does.
      if server.dials.told(status, id: call.id, sid: sid) == nil || seconds != nil {
        phone.told(status, of: call.id, sid: sid, duration: seconds.map { .seconds($0) })
      }
      return HTTPResponse(status: 204)
    }
  }

  /// Believes what was signed with the token of the call's own account. A wrong signature is answered like a call that is not there, so that
  /// nobody learns which there are.
  private func signed(
    _ answer: (PhoneCallRecord, FormFields) -> HTTPResponse
  ) throws(StoreError) -> HTTPResponse {
    let refused = HTTPResponse.problem(
      status: 403, detail: "X-Twilio-Signature is missing or not that of this call's account over this address")
    guard let form = FormFields(request.http.body) else {
      return .problem(status: 400, detail: "the body is no form of application/x-www-form-urlencoded")
    }
    guard let call = try stores.calls.one(id: request[.id]),
      let provider = try stores.providers.one(id: call.providerID)
    else { return refused }
    var settings = server.settings.twilio
    do throws(PhoneCallRefusal) { settings.authToken = try phone.credentials(of: provider).authToken } catch {
      return refused
    }
    guard let signature = TwilioSignature(settings), case .right = signature.verdict(on: request.http) else {
      return refused
    }
    return answer(call, form)
  }
}

extension PhoneCallRefusal {
  /// What whoever asked for the call is told.
  var response: HTTPResponse {
    switch self {
    case .broken(let why): .problem(status: 409, detail: why)
    case .notHungUp(let why): .problem(status: 502, detail: "the call may go on: \(why)")
    case .full(let why, let seconds): .later(seconds, why)
    case .key(let refusal): refusal.response
    case .store(let error): .problem(error)
    case .dial(let refusal): refusal.response
    }
  }
}
