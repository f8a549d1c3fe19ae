import CallCore
import CallDriver
import JSON
import Formats
import WebSockets

/// What REST says about usage. Blocks: runs on the blocking pool.
struct UsageController: RouteController {
  let request: RouteRequest

  /// Days that one report may have.
  static let daysMax = 366
  /// Days of a report that names none.
  static let daysUsual = 30

  /// `?from=YYYY-MM-DD&to=YYYY-MM-DD&key=ID`
  func report() throws(StoreError) -> HTTPResponse {
    let days: ClosedRange<Int>
    do throws(WireFault) { days = try range() } catch {
      return .problem(status: 400, detail: error.message)
    }
    let wanted = request.queryValue("key")
    let entries = try server.usage.entries(of: days).filter { wanted == nil || $0.key ?? "" == wanted }
    return .json(.usage(entries, of: days, names: try names()))
  }

  private func range() throws(WireFault) -> ClosedRange<Int> {
    let last = try day("to") ?? server.usage.day
    let first = try day("from") ?? last - Self.daysUsual + 1
    guard first <= last else {
      throw WireFault(.outOfRange, "from: \(UTCTime.dayText(first)) is after \(UTCTime.dayText(last))")
    }
    guard last - first < Self.daysMax else {
      throw WireFault(.outOfRange, "from: at most \(Self.daysMax) days in one report, got \(last - first + 1)")
    }
    return first...last
  }

  private func day(_ name: String) throws(WireFault) -> Int? {
    guard let text = request.queryValue(name) else { return nil }
    guard let day = UTCTime.day(text), day >= 0 else {
      let example = UTCTime.dayText(server.usage.day)
      throw WireFault(
        .outOfRange, "\(name): expected a day since 1970, such as \(example), got \"\(text.bounded(to: 20))\"")
    }
    return day
  }

  private func names() throws(StoreError) -> [String: String] {
    guard let keyService = server.authorizer.keyService else { return [:] }
    var names = Dictionary(try keyService.all().map { ($0.id, $0.name) }) { first, _ in first }
    names[keyService.ownSecret.id] = "this server's own"
    return names
  }
}
