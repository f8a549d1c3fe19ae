import CallCore
import CallDriver
import Formats
import FoundationEssentials
import JSON
import WebSockets

/// What REST says about campaigns. Blocks: runs on the blocking pool. A key sees its own alone.
struct CampaignController: OwnedResourceController {
  static let noun = "campaign"

  let request: RouteRequest
  private let stores: TelephonyStores
  var resources: any TelephonyResourceStore<Campaign> { stores.campaigns.campaigns }

  init?(request: RouteRequest) {
    guard let stores = request.context.server.telephony else { return nil }
    (self.request, self.stores) = (request, stores)
  }

  /// Without their lists.
  func list() throws(StoreError) -> HTTPResponse {
    let counts = try stores.campaigns.counts(of: request.owner)
    let documents = try resources.all(of: request.owner).map {
      JSONObject.campaign($0, counts: counts[$0.id] ?? CampaignCounts())
    }
    return .json(JSONObject.array(documents))
  }

  func one() throws(StoreError) -> HTTPResponse {
    guard let campaign = try own() else { return missing }
    return try document(campaign)
  }

  func add() throws(StoreError) -> HTTPResponse {
    let body: CampaignRequest
    let numbers: [String]
    do throws(WireFault) {
      body = try CampaignRequest(parsing: request.http.body, isNew: true)
      numbers = try Self.checked(body.phoneList ?? [], "campaign.phoneList", forDialing: true)
      _ = try Self.checked(body.doNotCall ?? [], "campaign.doNotCall", forDialing: false)
      if let from = body.from { _ = try E164.number(from, place: "campaign.from") }
    } catch { return .problem(error) }
    let providerID = body.providerID ?? ""
    guard try stores.providers.one(id: providerID)?.owner == request.owner else {
      return .problem(status: 422, detail: "campaign.providerId: there is no provider \(providerID.quoted)")
    }
    let own = body.from == nil ? try firstNumber(of: providerID) : body.from
    guard let from = own else {
      return .problem(
        status: 422, detail: "campaign.from: name the number that calls; the account has no active number here")
    }
    if let refusal = scheduleRefusal(body) ?? flowRefusal(body) { return refusal }
    var campaign = Campaign(
      id: UUID().uuidString.lowercased(), owner: request.owner, name: body.name ?? "", providerID: providerID,
      from: from, createdAtUnixMicroseconds: APIKeyService.now.unixMicroseconds)
    body.apply(to: &campaign)
    switch try stores.campaigns.add(campaign, numbers: numbers) {
    case .full: return .full("campaigns")
    case .done, .taken, .missing, .unchanged: break
    }
    server.campaigns?.wake()
    return try document(campaign, status: 201)
  }

  func change() throws(StoreError) -> HTTPResponse {
    let body: CampaignRequest
    do throws(WireFault) {
      body = try CampaignRequest(parsing: request.http.body, isNew: false)
      _ = try Self.checked(body.doNotCall ?? [], "campaign.doNotCall", forDialing: false)
    } catch { return .problem(error) }
    guard try own() != nil else { return missing }
    if let refusal = scheduleRefusal(body) ?? flowRefusal(body) { return refusal }
    return try update { campaign in
      guard !campaign.status.isFinal else { return "it is over" }
      if body.scheduledAtUnixMicroseconds != nil, campaign.status != .draft, campaign.status != .scheduled {
        return "scheduledAt: it has begun"
      }
      body.apply(to: &campaign)
      return nil
    }
  }

  /// Begins now.
  func start() throws(StoreError) -> HTTPResponse { try run(from: [.draft, .scheduled], "it has begun already") }

  /// Goes on; one that waited for its time waits for it again.
  func resume() throws(StoreError) -> HTTPResponse {
    try run(from: [.paused], "it is not paused", keepsTime: true)
  }

  func pause() throws(StoreError) -> HTTPResponse {
    try update { campaign in
      guard campaign.status == .running || campaign.status == .scheduled else { return "it does not run" }
      campaign.status = .paused
      return nil
    }
  }

  func remove() throws(StoreError) -> HTTPResponse {
    guard let campaign = try own() else { return missing }
    guard campaign.status != .running else { return conflict("it runs; pause it first") }
    return try resources.remove(id: campaign.id) == .done ? .json(.success) : missing
  }

  // MARK: - Parts

  private func run(
    from old: Set<Campaign.Status>, _ fault: String, keepsTime: Bool = false
  ) throws(StoreError) -> HTTPResponse {
    guard try own() != nil else { return missing }
    if let why = server.dials.missingSettings(hasAccount: true) { return .problem(status: 501, detail: why) }
    let now = APIKeyService.now.unixMicroseconds
    return try update { campaign in
      guard old.contains(campaign.status) else { return fault }
      campaign.reason = nil
      if keepsTime, campaign.startedAtUnixMicroseconds == nil, campaign.scheduledAtUnixMicroseconds ?? 0 > now {
        campaign.status = .scheduled
        return nil
      }
      campaign.status = .running
      campaign.startedAtUnixMicroseconds = campaign.startedAtUnixMicroseconds ?? now
      return nil
    }
  }

  /// - Parameter change: gives what speaks against it.
  private func update(_ change: (inout Campaign) -> String?) throws(StoreError) -> HTTPResponse {
    guard try own() != nil else { return missing }
    var (changed, fault): (Campaign?, String?) = (nil, nil)
    let now = APIKeyService.now.unixMicroseconds
    _ = try resources.update(id: request[.id]) { campaign in
      fault = change(&campaign)
      guard fault == nil else { return false }
      campaign.updatedAtUnixMicroseconds = now
      changed = campaign
      return true
    }
    if let fault { return conflict(fault) }
    server.campaigns?.wake()
    guard let changed else { return missing }
    return try document(changed)
  }

  private func document(_ campaign: Campaign, status: Int = 200) throws(StoreError) -> HTTPResponse {
    let numbers = try stores.campaigns.numbers(of: campaign.id)
    var counts = CampaignCounts()
    for number in numbers { counts.add(1, number.state) }
    return .json(
      .campaign(campaign, counts: counts, numbers: numbers), status: status,
      location: status == 201 ? "/api/telephony/campaigns/\(campaign.id)" : nil)
  }

  private func firstNumber(of provider: String) throws(StoreError) -> String? {
    try stores.numbers.all(of: request.owner).first { $0.providerID == provider && $0.isActive }?.number
  }

  /// A campaign that starts by itself dials, so whoever says when must be one who may.
  private func scheduleRefusal(_ body: CampaignRequest) -> HTTPResponse? {
    guard body.scheduledAtUnixMicroseconds != nil,
      let refusal = server.authorizer.keyService?.refusal(of: .dial, to: request.owner)
    else { return nil }
    return refusal.response
  }

  private func flowRefusal(_ body: CampaignRequest) -> HTTPResponse? {
    guard let flow = body.flow, !flow.isEmpty, server.flows[flow] == nil else { return nil }
    return .problem(status: 422, detail: "campaign.flowId: \(server.flowService.absence(of: flow, to: request.owner))")
  }

  /// Numbers, each once; those of emergency services and premium ones stand on no list of numbers that are called.
  private static func checked(_ texts: [String], _ place: String, forDialing: Bool) throws(WireFault) -> [String] {
    var seen: Set<String> = []
    for (index, text) in texts.enumerated() {
      let number = try E164.number(text, place: "\(place)[\(index)]")
      if forDialing, let reason = ForbiddenNumbers.reason(against: number) {
        throw WireFault(.outOfRange, "\(place)[\(index)]: \(text) is never dialed: \(reason)")
      }
      guard seen.insert(text).inserted else {
        throw WireFault(.outOfRange, "\(place)[\(index)]: \(text) stands on the list twice")
      }
    }
    return texts
  }

  private func conflict(_ why: String) -> HTTPResponse {
    .problem(status: 409, detail: "the campaign \(request[.id]) cannot be changed so: \(why)")
  }

}

extension CampaignRequest {
  fileprivate func apply(to campaign: inout Campaign) {
    if let name { campaign.name = name }
    if let description { campaign.description = description }
    if let flow { campaign.flow = flow.isEmpty ? nil : flow }
    if let callsPerMinute { campaign.callsPerMinute = callsPerMinute }
    if let callsAtOnce { campaign.callsAtOnce = callsAtOnce }
    if let hours { campaign.hours = hours }
    if let doNotCall { campaign.doNotCall = doNotCall }
    guard let scheduledAtUnixMicroseconds else { return }
    campaign.scheduledAtUnixMicroseconds = scheduledAtUnixMicroseconds
    if campaign.status == .draft { campaign.status = .scheduled }
  }
}
