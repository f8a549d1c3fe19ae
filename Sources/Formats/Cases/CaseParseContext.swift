import CallCore

/// What is noted while a file of test cases is read.
final class CaseParseContext: FileParseContext {
  let log: FileFaultLog
  /// Those that cases can name.
  let callers: CallerLibrary
  private let folder: String
  private let recordingExists: (String) -> Bool

  init(log: FileFaultLog, callers: CallerLibrary = CallerLibrary(), recordingExists: @escaping (String) -> Bool) {
    self.log = log
    self.callers = callers
    self.recordingExists = recordingExists
    folder = log.file.lastIndex(of: "/").map { String(log.file[...$0]) } ?? ""
  }

  /// The path of a recording as seen from where the file's own path is seen from; `nil`, with a fault, when nothing is there.
  func recording(_ path: String, at place: FilePlace) -> String? {
    let resolved = path.hasPrefix("/") ? path : folder + path
    guard recordingExists(resolved) else {
      let advice = "paths begin at the folder of the file of test cases"
      log.add(.missingFile, at: place, "there is no recording \(resolved): \(advice)")
      return nil
    }
    return resolved
  }
}

extension FieldReader<CaseParseContext> {
  /// A mapping under a key, with the keys that it may have.
  func section(_ key: String, keys: [String]) -> FieldReader<CaseParseContext>? {
    field(key).flatMap { FieldReader($0.value, owner: "`\(key)`", keys: keys, context: context) }
  }

  /// A whole number of per cent, with the sign or without.
  func percent(_ key: String, _ limits: ClosedRange<Int>) -> Int? {
    number(key, unit: "%", limits, "a whole number such as 5 or 5%")
  }

  /// A whole number of decibels, with the unit or without.
  func decibels(_ key: String, _ limits: ClosedRange<Int>) -> Int? {
    number(key, unit: "db", limits, "a whole number such as -6 or -6 dB")
  }

  /// Per cent with at most one decimal, as tenths of a per cent.
  func permille(_ key: String, _ limits: ClosedRange<Int>) -> Int? {
    guard let text = text(key) else { return nil }
    let pieces = text.without("%").split(separator: ".", omittingEmptySubsequences: false)
    let isNumber = pieces.allSatisfy { !$0.isEmpty && $0.count <= 6 && $0.allSatisfy(\.isASCIIDigit) }
    guard isNumber, pieces.count <= 2, pieces.dropFirst().allSatisfy({ $0.count == 1 }),
      let whole = Int(pieces[0]), let tenth = Int(pieces.count == 2 ? pieces[1] : "0")
    else {
      report(.wrongType, key, "must be per cent such as 5% or 0.5%, not `\(text)`")
      return nil
    }
    guard limits.contains(whole * 10 + tenth) else {
      report(.outOfLimits, key, "must be \(limits.lowerBound / 10)% to \(limits.upperBound / 10)%, not `\(text)`")
      return nil
    }
    return whole * 10 + tenth
  }

  /// The path of a recording that is there.
  func recording(_ key: String) -> String? {
    guard let path = text(key, max: CaseLimits.pathMax) else { return nil }
    return context.recording(path, at: valuePlace(of: key))
  }
}
