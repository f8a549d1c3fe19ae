import CallCore

/// What names of states, variables and intents may look like.
enum NameRule {
  /// Puts a bad name on record.
  static func check(_ name: String, at place: FilePlace, _ what: String, _ log: FileFaultLog) -> Bool {
    guard FlowText.isName(name), name.scalarCount <= FlowLimits.nameMax else {
      let rule = "letters, digits, - and _, beginning with a letter, at most \(FlowLimits.nameMax)"
      log.add(.badName, at: place, "`\(name)` cannot be the name of a \(what): \(rule)")
      return false
    }
    return true
  }

  /// The same for something that gets a value.
  static func checkVariable(_ name: String, at place: FilePlace, _ log: FileFaultLog) -> Bool {
    guard check(name, at: place, "variable", log) else { return false }
    guard !FlowParseContext.reserved.contains(name) else {
      log.add(.badName, at: place, "`\(name)` is given its value by VoiceForge: choose another name")
      return false
    }
    return true
  }
}
