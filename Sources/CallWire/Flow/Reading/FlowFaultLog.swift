import CallCore

/// Collects the faults of one file.
final class FlowFaultLog {
  let file: String
  private(set) var faults: [FlowFault] = []

  /// More than anyone mends at a time; further ones are not kept.
  static let faultsMax = 200

  init(file: String) { self.file = file }

  func add(_ kind: FlowFaultKind, at place: FilePlace, _ message: String) {
    guard faults.count < FlowFaultLog.faultsMax else { return }
    faults.append(FlowFault(file: file, line: place.line, column: place.column, kind: kind, message: message))
  }

  /// `; did you mean …?` where one of the names is near enough.
  static func suggestion(for name: String, among names: some Sequence<String>) -> String {
    let limit = name.count <= 1 ? 0 : name.count <= 5 ? 1 : 2
    let distances = Set(names).sorted().map { other in
      (other, EditDistance.of(Array(name.lowercased().utf8), Array(other.lowercased().utf8), atMost: limit))
    }
    guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= limit else { return "" }
    return "; did you mean `\(best.0)`?"
  }
}
