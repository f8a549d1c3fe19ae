/// Reads YAML into nodes with places, and says what is wrong with what is not YAML.
enum YAMLFile {
  /// The root; `nil` when there is none, with the reason among the faults.
  static func root(of text: String, into log: FlowFaultLog) -> FileNode? {
    do throws(YAMLFault) {
      return try YAMLParser.root(of: text, into: log)
    } catch {
      note(error, in: log)
      return nil
    }
  }

  private static func note(_ fault: YAMLFault, in log: FlowFaultLog) {
    switch fault {
    case .empty: log.add(.missingKey, at: .start, "the file is empty: a flow needs at least `states`")
    case .alias(let place):
      log.add(
        .alias, at: place,
        "anchors and aliases (&name, *name) are not supported: write the text out, or make it a variable")
    case .broken(let problem, let place):
      let advice =
        problem.contains("mapping values are not allowed")
        ? "a text with a colon and a blank in it must be in quotes"
        : "look for a missing quote, a tab or a wrong indentation there or just above"
      log.add(.brokenYAML, at: place, "not YAML: \(problem); \(advice)")
    }
  }
}
