/// Why a call could not be held to its end.
public enum CallFailure: Error, Sendable, Equatable {
  /// No call came about: nothing listens there, or it does not speak our wire. Exit code 4.
  case unreachable(String)
  /// The server said no: unknown flow, no lines, engines missing.
  case refused(code: String, message: String)
  /// The connection ended before the call did.
  case brokenOff(String)
  /// The server sent what is not on our wire.
  case rubbish(String)
  /// The server said nothing for as long as `limit` names.
  case hung(String)
  /// The case's own longest duration passed.
  case tooLong(String)
  /// An engine that the caller itself needs is missing or failed.
  case callerEngine(String)
  /// What a language model said is to be played again, and this was never recorded.
  case notRecorded(String)
  /// A language model is there and is not asked: the tokens or the time for that are used up.
  case modelNotAsked(String)
  /// Workers of a queue ended with it, again and again, so that no other one was given it.
  case setAside(String)
}

extension CallFailure: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .unreachable(let why): "the target could not be reached: \(why)"
    case .refused(let code, let message): "the target refused the call: \(message) (\(code))"
    case .brokenOff(let why): "the connection broke off: \(why)"
    case .rubbish(let what): "the target sent what is not on the wire: \(what)"
    case .hung(let what): "the target does not answer: \(what)"
    case .tooLong(let what): "the call took too long: \(what)"
    case .callerEngine(let why): "the caller's own engine failed: \(why)"
    case .notRecorded(let why): "the language model's answer is not recorded: \(why)"
    case .modelNotAsked(let why): "the language model was not asked: \(why)"
    case .setAside(let why): "the call was set aside: \(why)"
    }
  }
}
