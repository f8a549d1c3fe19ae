extension HTTPResponse {
  /// The part of a 200 answer that `Range` asks for (RFC 9110 section 14), so that players can seek in a recording.
  ///
  /// One range of bytes is understood; several, or other units, get the whole.
  public func ranged(by request: HTTPRequest) -> HTTPResponse {
    guard status == 200 else { return self }
    var answer = self
    answer.headers.append(("accept-ranges", "bytes"))
    guard request.method == "GET", let field = request.headers["range"], request.headers["if-range"] == nil,
      let range = Self.range(field, count: body.count)
    else { return answer }
    switch range {
    case .unsatisfiable:
      answer.status = 416
      answer.headers.append(("content-range", "bytes */\(body.count)"))
      answer.body = []
    case .bytes(let bytes):
      answer.status = 206
      answer.headers.append(("content-range", "bytes \(bytes.lowerBound)-\(bytes.upperBound)/\(body.count)"))
      answer.part = Range(bytes)  // not a copy: many readers share the body
    }
    return answer
  }

  private enum RequestedRange {
    case bytes(ClosedRange<Int>)
    case unsatisfiable
  }

  private static func range(_ field: String, count: Int) -> RequestedRange? {
    guard field.hasPrefix("bytes="), !field.contains(",") else { return nil }
    let ends = field.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2 else { return nil }
    switch (Int(ends[0]), Int(ends[1])) {
    case (nil, let suffix?) where ends[0].isEmpty && suffix >= 0:
      return suffix == 0 || count == 0 ? .unsatisfiable : .bytes(max(0, count - suffix)...(count - 1))
    case (let first?, nil) where ends[1].isEmpty:
      return first < count ? .bytes(first...(count - 1)) : .unsatisfiable
    case (let first?, let last?) where first <= last:
      return first < count ? .bytes(first...min(last, count - 1)) : .unsatisfiable
    default: return nil
    }
  }
}
