/// Requests that ended a child, so that none ends a second one.
struct RefusedRequests {
  /// How many are remembered; the oldest is forgotten first. Whoever sends more of them starts children anew, 30 ms of CPU each.
  static let countMax = 64

  private var ends: [[UInt8]: String] = [:]
  private var order: [[UInt8]] = []

  /// How `request` ended a child before.
  subscript(_ request: [UInt8]) -> String? { ends.isEmpty ? nil : ends[request] }

  mutating func add(_ request: [UInt8], _ how: String) {
    guard ends.updateValue(how, forKey: request) == nil else { return }
    order.append(request)
    if order.count > Self.countMax { ends[order.removeFirst()] = nil }
  }
}
