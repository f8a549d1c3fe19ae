/// Why a child gave no answer.
public enum ChildFailure: Error, Sendable, Hashable {
  /// The program could not be started; the text says which and why.
  case notStarted(String)
  /// The child ended while it worked on the request.
  case ended(ChildEnd)
  /// The child passed a limit of time and was ended.
  case timedOut(ChildTimeLimit)
  /// The child sent what is no answer and was ended; the text says what.
  case badAnswer(String)
  /// The request is larger than `limit` bytes; no child has seen it.
  case requestTooLarge(limit: Int)
  /// `limit` requests wait already; no child has seen this one.
  case overloaded(limit: Int)
  /// Nobody wanted the answer any more; the child that worked on it was ended.
  case unwanted
  /// The very same request ended a child before and is not tried again; the text says how.
  case refused(String)
}

/// How a process ended.
public enum ChildEnd: Sendable, Hashable {
  /// By itself, with this exit code.
  case exited(Int)
  /// By a signal: its own fault, or somebody's.
  case killed(signal: Int)
}

/// A limit of time; each in milliseconds.
public enum ChildTimeLimit: Sendable, Hashable {
  /// `ChildLimits.cpuMillisecondsMax`.
  case cpu(Int)
  /// `ChildLimits.idleMillisecondsMax`.
  case idle(Int)
  /// `ChildLimits.answerMillisecondsMax`.
  case answer(Int)

  /// How long it is.
  public var milliseconds: Int {
    switch self {
    case .cpu(let limit), .idle(let limit), .answer(let limit): limit
    }
  }
}

extension ChildFailure: CustomStringConvertible {
  /// What went wrong, to be put behind a name: `… ended with signal 6`.
  public var description: String {
    switch self {
    case .notStarted(let why): "could not be started: \(why)"
    case .ended(.exited(let code)): "ended with exit code \(code)"
    case .ended(.killed(let signal)): "ended with signal \(signal)"
    case .timedOut(.cpu(let limit)): "gave no answer within \(limit) ms of CPU"
    case .timedOut(.idle(let limit)): "did nothing for \(limit) ms"
    case .timedOut(.answer(let limit)): "gave no answer within \(limit) ms"
    case .badAnswer(let what): "gave a bad answer: \(what)"
    case .requestTooLarge(let limit): "takes at most \(limit) bytes at once"
    case .overloaded(let limit): "has \(limit) requests waiting"
    case .unwanted: "was ended, as nobody waits for the answer"
    case .refused(let how): "\(how) at this request before; it is not tried again"
    }
  }
}
