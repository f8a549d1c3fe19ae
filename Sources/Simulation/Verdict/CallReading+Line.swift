import CallCore
import JSON
import Wires

/// What became of the line.
extension CallReading {
  /// Whether a call came about that can be judged.
  var isHeld: Bool { evidence.failure?.isTargets ?? true }

  /// Whether the agent's side ended the call as a flow does.
  var isOver: Bool {
    switch reason {
    case .completed, .transferred, .noInput, .noMatch: true
    default: false
    }
  }

  /// Whether the case itself asks for this failure.
  func isAskedFor(_ failure: CallFailure) -> Bool {
    if case .brokenOff = failure { testCase.world.disconnectAfter != nil || breaksByEngine } else { false }
  }

  /// Whether the call ended early because the case asked for it.
  var brokeAsAsked: Bool {
    if let failure = evidence.failure { return isAskedFor(failure) }
    return (testCase.world.disconnectAfter != nil && reason == .callerVanished) || breaksByEngine
  }

  private var breaksByEngine: Bool { !testCase.world.engineTroubles.isEmpty && reason == .engineFailed }

  /// Whether the agent's side failed, asked for or not.
  var hasTrouble: Bool {
    switch reason {
    case .callerVanished, .engineFailed, .timeLimit, .protocolError, .serverShutdown, .refused: true
    case .completed, .callerHungUp, .noInput, .noMatch, .transferred, nil: false
    }
  }

  /// What the agent's side itself said went wrong, unless the case asks for it.
  var trouble: (text: String, at: Timestamp)? {
    if testCase.world.engineTroubles.isEmpty {
      for notice in evidence.notices {
        guard case .error(let code, let message, let isFatal) = notice.message else { continue }
        if isFatal || Self.engineCodes.contains(code) { return ("\(message) (\(code))", notice.at) }
      }
    }
    guard let reason, hasTrouble, !brokeAsAsked else { return nil }
    return ("the agent's side ended the call: \(reason.rawValue)", end)
  }

  /// Of `CallMachine.survive`; other errors that are not fatal are about what the caller sent.
  private static let engineCodes: Set = ["recognition-failed", "synthesis-failed"]
}

extension CallFailure {
  /// Whether the target is to blame for it. Otherwise there was no call at all, or the caller failed.
  var isTargets: Bool {
    switch self {
    case .brokenOff, .rubbish, .hung, .tooLong: true
    case .unreachable, .refused, .callerEngine: false
    }
  }
}
