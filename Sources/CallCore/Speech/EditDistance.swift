/// Letters that must be changed, added, taken away or swapped with their neighbour to make one word of another.
package enum EditDistance {
  /// - Returns: the distance, or some number greater than `limit` when it is greater.
  package static func of(_ left: [UInt8], _ right: [UInt8], atMost limit: Int) -> Int {
    guard abs(left.count - right.count) <= limit else { return limit + 1 }
    // What is further than `limit` from the diagonal is greater anyway.
    var beforeLast = [Int](repeating: limit + 1, count: right.count + 1)
    var last = (0...right.count).map { min($0, limit + 1) }
    var row = beforeLast
    for i in left.indices {
      let (begin, end) = (max(0, i - limit), min(right.count, i + limit + 1))
      row[begin] = begin == 0 ? min(i + 1, limit + 1) : limit + 1
      for j in begin..<end {
        var best = min(last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = min(best, beforeLast[j - 1] + 1) }
        row[j + 1] = min(best, limit + 1)
      }
      if end < right.count { row[end + 1] = limit + 1 }
      (beforeLast, last, row) = (last, row, beforeLast)
    }
    return last[right.count]
  }
}
