import CallDriver
import Formats
import JSON
import Logging
import WebSockets

/// Deletes what is kept of one caller. Blocks: runs on the blocking pool.
struct CallerController: RouteController {
  let request: RouteRequest

  /// Why a number of a campaign that waits is not called any more.
  private static let erased = "what was kept of this number was deleted"

  func erase() throws(StoreError) -> HTTPResponse {
    let number: String
    do throws(WireFault) { number = try E164.number(request[.number], place: "number").text } catch {
      return .problem(error)
    }
    let ids = try server.store.removeAll(about: number)
    let traces = server.traces?.remove(ids) ?? 0
    let phoneCalls = try server.telephony?.calls.removeAll(about: number) ?? 0
    let places = try server.telephony?.campaigns.erase(number, reason: Self.erased) ?? 0
    server.log.notice("what was kept of a caller was deleted: \(ids.count) calls, \(phoneCalls) telephone calls")
    return .json(
      JSONObject { writer in
        writer.field("calls", ids.count)
        writer.field("phoneCalls", phoneCalls)
        writer.field("campaignNumbers", places)
        writer.field("traces", traces)
      })
  }
}
