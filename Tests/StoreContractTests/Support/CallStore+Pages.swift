import CallCore
import CallDriver
import TestSupport

extension CallStore {
  /// Ids of one page.
  func ids(_ filter: CallFilter = CallFilter(), limit: Int = 200, after cursor: String? = nil) throws -> [String] {
    try calls(matching: filter, limit: limit, after: cursor).calls.map(\.record.id)
  }

  /// Ids of all pages, page by page; stops after a thousand pages, in case they never end.
  func pages(_ filter: CallFilter = CallFilter(), limit: Int) throws -> [[String]] {
    var pages: [[String]] = []
    var cursor: String?
    repeat {
      let page = try calls(matching: filter, limit: limit, after: cursor)
      pages.append(page.calls.map(\.record.id))
      cursor = page.nextCursor
    } while cursor != nil && pages.count < 1000
    return pages
  }

  func append(_ ids: ClosedRange<Int>) throws {
    for id in ids { try append(SampleCall.named("\(id)")) }
  }
}
