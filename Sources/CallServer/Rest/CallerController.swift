import CallCore
import CallDriver
import Formats
import JSON
import Logging
import WebSockets

/// Deletes what is kept of one caller. Blocks: runs on the blocking pool.
struct CallerController: RouteController {
  let request: RouteRequest

  /// Why a call with it ends.
  private static let hungUp = "what is kept of this number is deleted with DELETE /api/callers/{number}"

  func erase() throws(StoreError) -> HTTPResponse {
    let number: PhoneNumber
    do throws(WireFault) { number = try E164.number(request[.number], place: "number") } catch {
      return .problem(error)
    }
    let hungUp = server.dials.stopAll(with: number, why: Self.hungUp)
    let ids = try server.store.removeAll(about: number.text)
    let traces = server.traces?.remove(ids) ?? 0
    let phoneCalls = try server.telephony?.calls.removeAll(about: number.text) ?? 0
    let places = try server.telephony?.campaigns.erase(number.text, reason: CampaignNumber.erased) ?? 0
    server.log.notice("what was kept of a caller was deleted: \(ids.count) calls, \(phoneCalls) telephone calls")
    return .json(
      JSONObject { writer in
        writer.field("calls", ids.count)
        writer.field("phoneCalls", phoneCalls)
        writer.field("campaignNumbers", places)
        writer.field("traces", traces)
        writer.field("hungUp", hungUp)
      })
  }
}
