package import CallDriver
package import Formats
import JSON
import Wires

/// Why a change to the flows was not made.
package enum FlowRefusal: Error {
  /// The text is wrong, or another flow needs what would be gone.
  case faults(FileFaults)
  /// The file calls its flow by another name.
  case otherName(String)
  /// What came is no UTF-8 text.
  case notText
  /// There is a flow of this name already.
  case taken
  /// There is no such flow.
  case missing
  /// There is no such version any more.
  case forgotten
  /// Somebody else has changed the flow meanwhile.
  case outdated(current: Int)
  /// There is no room; the limit in words.
  case full(limit: String)
  /// The store does not answer.
  case store(StoreError)
  /// The server was started with flows that stay as they are.
  case fixed

  /// - Returns: the version that was made.
  static func version(of change: FlowChange) throws(FlowRefusal) -> FlowVersion {
    switch change {
    case .done(let version): return version
    case .taken: throw .taken
    case .missing: throw .missing
    case .outdated(let current): throw .outdated(current: current)
    case .full(let limit): throw .full(limit: limit)
    }
  }
}
