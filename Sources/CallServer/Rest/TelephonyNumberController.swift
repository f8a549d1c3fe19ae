import CallCore
import CallDriver
import Formats
import FoundationEssentials
import JSON
import Logging
import WebSockets

/// What REST says about telephone numbers. Blocks: runs on the blocking pool. A key sees its own alone.
struct TelephonyNumberController: OwnedResourceController {
  static let noun = "number"

  let request: RouteRequest
  private let stores: TelephonyStores

  var resources: any TelephonyResourceStore<TelephonyNumber> { stores.numbers }

  init?(request: RouteRequest) {
    guard let stores = request.context.server.telephony else { return nil }
    (self.request, self.stores) = (request, stores)
  }

  func list() throws(StoreError) -> HTTPResponse {
    .json(JSONObject.array(try stores.numbers.all(of: request.owner).map(JSONObject.telephonyNumber)))
  }

  func one() throws(StoreError) -> HTTPResponse {
    guard let number = try own() else { return missing }
    return .json(.telephonyNumber(number))
  }

  func add() throws(StoreError) -> HTTPResponse {
    let (body, text): (NumberRequest, String)
    do throws(WireFault) {
      body = try NumberRequest(parsing: request.http.body, isNew: true)
      text = try E164.number(body.phoneNumber ?? "", place: "number.phoneNumber").text
    } catch { return .problem(error) }
    if let refusal = try refusal(of: body) { return refusal }
    var number = TelephonyNumber(
      id: UUID().uuidString.lowercased(), owner: request.owner, providerID: body.providerID ?? "", number: text,
      createdAtUnixMicroseconds: APIKeyService.now.unixMicroseconds)
    body.apply(to: &number)
    switch try stores.numbers.add(number) {
    case .full: return .full("telephone numbers")
    case .taken: return .problem(status: 409, detail: "\(text) is a number of this server already")
    case .done, .missing, .unchanged: break
    }
    relearn()
    return .json(.telephonyNumber(number), status: 201, location: "/api/telephony/numbers/\(number.id)")
  }

  func change() throws(StoreError) -> HTTPResponse {
    let body: NumberRequest
    do throws(WireFault) { body = try NumberRequest(parsing: request.http.body, isNew: false) } catch {
      return .problem(error)
    }
    guard try own() != nil else { return missing }
    if let refusal = try refusal(of: body) { return refusal }
    var changed: TelephonyNumber?
    let now = APIKeyService.now.unixMicroseconds
    _ = try stores.numbers.update(id: request[.id]) { number in
      body.apply(to: &number)
      number.updatedAtUnixMicroseconds = now
      changed = number
      return true
    }
    relearn()
    return changed.map { .json(.telephonyNumber($0)) } ?? missing
  }

  func remove() throws(StoreError) -> HTTPResponse {
    guard try own() != nil, try stores.numbers.remove(id: request[.id]) == .done else { return missing }
    relearn()
    return .json(.success)
  }

  /// Tells whoever answers calls of the change, which is kept already: where the store does not answer now, `StoreWatch` finds it a moment later.
  private func relearn() {
    do throws(StoreError) { try server.numbers?.refresh() } catch {
      server.log.warning("a changed telephone number counts a little later: \(error)")
    }
  }

  /// What it names must be there.
  private func refusal(of body: NumberRequest) throws(StoreError) -> HTTPResponse? {
    if let id = body.providerID, try stores.providers.one(id: id)?.owner != request.owner {
      return .problem(status: 422, detail: "number.providerId: there is no provider \(id.quoted)")
    }
    if let flow = body.flow, !flow.isEmpty, server.flows[flow] == nil {
      return .problem(status: 422, detail: "number.flowId: \(server.flowService.absence(of: flow, to: request.owner))")
    }
    return nil
  }

}

extension NumberRequest {
  fileprivate func apply(to number: inout TelephonyNumber) {
    if let providerID { number.providerID = providerID }
    if let friendlyName { number.friendlyName = friendlyName.isEmpty ? nil : friendlyName }
    if let country { number.country = country }
    if let capabilities { number.capabilities = capabilities }
    if let flow { number.flow = flow.isEmpty ? nil : flow }
    if let isActive { number.isActive = isActive }
  }
}

/// Numbers in what programs send.
enum E164 {
  /// - Parameter place: the member, for the fault.
  static func number(_ text: String, place: String) throws(WireFault) -> PhoneNumber {
    do throws(PhoneNumber.Fault) { return try PhoneNumber(text) } catch {
      throw WireFault(.outOfRange, "\(place): \(error.text)")
    }
  }
}
