/// Reads YAML into nodes with places, and says what is wrong with what is not YAML.
enum YAMLFile {
  /// The root; `nil` when there is none, with the reason among the faults.
  ///
  /// - Parameter need: what an empty file lacks, for people.
  static func root(of text: String, into log: FileFaultLog, needs need: String) -> FileNode? {
    do throws(YAMLFault) {
      return try YAMLParser.root(of: text, into: log)
    } catch {
      note(error, in: log, need)
      return nil
    }
  }

  private static func note(_ fault: YAMLFault, in log: FileFaultLog, _ need: String) {
    switch fault {
    case .empty: log.add(.missingKey, at: .start, "the file is empty: \(need)")
    case .alias(let place):
      log.add(
        .alias, at: place,
        "anchors and aliases (&name, *name) are not supported: write the text out")
    case .broken(let problem, let place):
      let advice =
        problem.contains("mapping values are not allowed")
        ? "a text with a colon and a blank in it must be in quotes"
        : "look for a missing quote, a tab or a wrong indentation there or just above"
      log.add(.brokenYAML, at: place, "not YAML: \(problem); \(advice)")
    }
  }
}
