/// What is noted while a file of test cases is read.
final class CaseParseContext: FileParseContext {
  let log: FileFaultLog
  private let folder: String
  private let recordingExists: (String) -> Bool

  init(log: FileFaultLog, recordingExists: @escaping (String) -> Bool) {
    self.log = log
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
