import CallCore

/// What is noted while a flow file is read, for the checks that need all of it.
final class FlowParseContext: FileParseContext {
  /// A state that is named as a target.
  struct Target {
    var name: String
    var place: FilePlace
  }

  /// A text, and the variables that only it may name.
  struct Text {
    var text: FlowText
    var place: FilePlace
    var isSpoken: Bool
    var builtins: Set<String>
  }

  let log: FileFaultLog
  /// Where each state's name stands.
  var states: [String: FilePlace] = [:]
  /// A state, or a way from one, could not be read: whatever that makes unreachable or endless is not reported again.
  var isTorn = false
  var targets: [Target] = []
  var texts: [Text] = []
  /// Flows that are transferred to.
  var flows: [Target] = []
  /// Variables that are looked at outside texts.
  var lookups: [Target] = []
  /// Everything that gets a value somewhere.
  var variables: Set<String> = FlowParseContext.builtins
  /// The intents of the file that states may name, before their consequence is known.
  var vocabulary: [String: IntentSound] = [:]
  var usedVocabulary: Set<String> = []
  /// Expressions so far, and the instructions of them all.
  var (expressions, expressionSize) = (0, 0)

  /// Known in every flow without being declared.
  static let builtins: Set<String> = ["today", "reference", "heard", "flow", "state"]
  /// Given a value by the product only.
  static let reserved: Set<String> = ["reference", "heard", "flow", "state", "prompt"]

  init(log: FileFaultLog) { self.log = log }
}
