import CallCore
import CallDriver
import Formats
import FoundationEssentials
import JSON
import WebSockets

/// What REST says about accounts at telephone providers. Blocks: runs on the blocking pool. A key sees its own alone.
struct TelephonyProviderController: OwnedResourceController {
  static let noun = "provider"

  let request: RouteRequest
  private let stores: TelephonyStores

  var resources: any TelephonyResourceStore<TelephonyProvider> { stores.providers }

  init?(request: RouteRequest) {
    guard let stores = request.context.server.telephony else { return nil }
    (self.request, self.stores) = (request, stores)
  }

  func list() throws(StoreError) -> HTTPResponse {
    .json(JSONObject.array(try stores.providers.all(of: request.owner).map(JSONObject.provider)))
  }

  func one() throws(StoreError) -> HTTPResponse {
    guard let provider = try own() else { return missing }
    return .json(.provider(provider))
  }

  func add() throws(StoreError) -> HTTPResponse {
    let body: ProviderRequest
    do throws(WireFault) { body = try ProviderRequest(parsing: request.http.body, isNew: true) } catch {
      return .problem(error)
    }
    guard let kind = body.kind, let name = body.name else { return missing }
    var provider = TelephonyProvider(
      id: UUID().uuidString.lowercased(), owner: request.owner, kind: kind, name: name,
      createdAtUnixMicroseconds: APIKeyService.now.unixMicroseconds)
    do throws(RouteError) { try apply(body, to: &provider) } catch { return error.response }
    switch try stores.providers.add(provider) {
    case .full: return .full("accounts at telephone providers")
    case .done, .taken, .missing, .unchanged: break
    }
    return .json(.provider(provider), status: 201, location: "/api/telephony/providers/\(provider.id)")
  }

  func change() throws(StoreError) -> HTTPResponse {
    let body: ProviderRequest
    do throws(WireFault) { body = try ProviderRequest(parsing: request.http.body, isNew: false) } catch {
      return .problem(error)
    }
    guard try own() != nil else { return missing }
    var result: Result<TelephonyProvider, RouteError>?
    let now = APIKeyService.now.unixMicroseconds
    _ = try stores.providers.update(id: request[.id]) { provider in
      var changed = provider
      do throws(RouteError) { try apply(body, to: &changed) } catch {
        result = .failure(error)
        return false
      }
      changed.updatedAtUnixMicroseconds = now
      provider = changed
      result = .success(changed)
      return true
    }
    switch result {
    case .success(let provider): return .json(.provider(provider))
    case .failure(let error): return error.response
    case nil: return missing
    }
  }

  func remove() throws(StoreError) -> HTTPResponse {
    guard try own() != nil else { return missing }
    let numbers = try stores.numbers.newest(of: request.owner, in: request[.id], limit: 1, before: nil)
    let campaigns = try stores.campaigns.campaigns.newest(of: request.owner, in: request[.id], limit: 1, before: nil)
    guard numbers.isEmpty, campaigns.isEmpty else {
      return .problem(status: 409, detail: "numbers or campaigns need this account; delete them first")
    }
    return try stores.providers.remove(id: request[.id]) == .done ? .json(.success) : missing
  }

  private func apply(_ body: ProviderRequest, to provider: inout TelephonyProvider) throws(RouteError) {
    if let name = body.name { provider.name = name }
    if let configuration = body.configuration { provider.configuration = configuration }
    if let isActive = body.isActive { provider.isActive = isActive }
    guard let credentials = body.credentials else { return }
    do throws(TwilioCredentials.Fault) {
      if provider.kind == .twilio { _ = try TwilioCredentials(credentials) }
    } catch {
      throw RouteError(422, "\(error)")
    }
    do throws(SecretsKeys.Fault) {
      provider.credentials = try stores.secrets.seal(
        ProviderCredentials.bytes(credentials), for: provider.sealedPlace)
    } catch {
      throw RouteError(409, "\(error)")
    }
  }
}

extension HTTPResponse {
  /// 507: no more of something can be kept.
  static func full(_ what: String) -> HTTPResponse {
    .problem(status: 507, detail: "there is no room for more \(what); delete one first")
  }
}

extension JSONObject {
  /// What the predecessor answers when something was deleted.
  static var success: JSONObject { JSONObject { $0.field("success", true) } }
}
