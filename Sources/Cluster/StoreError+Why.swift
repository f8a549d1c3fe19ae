import CallDriver

extension StoreError {
  /// One sentence without an end.
  var why: String {
    switch self {
    case .unavailable(let why): why
    case .badCursor(let cursor): "\(cursor) is no cursor"
    }
  }
}
