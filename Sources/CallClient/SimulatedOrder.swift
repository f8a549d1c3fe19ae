import CallCore
import Wires
import Simulation

/// What a simulated caller asks the server for, and how it behaves on the line.
struct SimulatedOrder: Sendable {
  var request: StartRequest
  var seed: UInt64
  var network: NetworkConditions
  var disconnectAfter: CallDuration?
  var durationMax: CallDuration
  /// Called on the loop's thread when the server has taken the call.
  var answered: (@Sendable () -> Void)?
}
