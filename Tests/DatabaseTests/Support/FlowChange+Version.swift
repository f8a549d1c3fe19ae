import CallCore
import CallDriver

extension FlowChange {
  /// What was made, where something was.
  var version: FlowVersion? { if case .done(let version) = self { version } else { nil } }
}
