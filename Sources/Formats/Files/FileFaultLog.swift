import CallCore

/// Collects the faults of one file.
final class FileFaultLog {
  let file: String
  private(set) var faults: [FileFault] = []

  /// More than anyone mends at a time; further ones are not kept.
  static let faultsMax = 200

  init(file: String) { self.file = file }

  func add(_ kind: FileFaultKind, at place: FilePlace, _ message: String) {
    guard faults.count < FileFaultLog.faultsMax else { return }
    let fault = FileFault(file: file, line: place.line, column: place.column, kind: kind, message: message)
    // What many cases share is read once for each of them.
    if !faults.contains(fault) { faults.append(fault) }
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
