/// Why an engine gave no answer.
public enum EngineError: Error, Sendable, Hashable {
  /// Model or library absent or unreadable. The operator must fix `path`; `voiceforge doctor` says how.
  case modelUnavailable(path: String)
  /// No answer within the limit. The call may retry once.
  case timedOut(limit: CallDuration)
  /// `function` of the C library returned `code`.
  case library(function: String, code: Int)
  /// The queue in front of the engine was full; nothing was computed.
  case overloaded(queue: String, limit: Int)
  /// The engine cannot do what was asked: unknown voice, unsupported sample rate, text without words.
  case unsupported(String)
  /// The process that the engine runs in ended, or could not be started; the text says which and how. The same words are not tried again.
  case crashed(String)
  /// Another machine's speech service gave no answer that can be used; the text says which and why, and holds no key. The call may
  /// retry.
  case remote(String)
}

extension EngineError: CustomStringConvertible {
  /// One sentence that says what is wrong and, where the operator can mend it, how.
  public var description: String {
    switch self {
    case .modelUnavailable(let path): "cannot load \(path); run `voiceforge doctor` to see what is missing"
    case .timedOut(let limit): "no answer within \(limit.milliseconds) ms"
    case .library(let function, let code): "\(function) returned \(code)"
    case .overloaded(let queue, let limit): "the \(queue) queue is full (limit \(limit))"
    case .unsupported(let what): what
    case .crashed(let what): what
    case .remote(let what): what
    }
  }
}

/// How far one engine is.
public struct EngineReadiness: Sendable, Equatable {
  /// The raw values stand in the REST answers.
  public enum State: String, Sendable { case loading, ready, failed }

  /// In front of the name of a model that the operator brought along.
  public static let modelPrefix = "model:"

  /// Such as `recognizer`.
  public var name: String
  /// How far.
  public var state: State
  /// Why it failed, and what to do; empty otherwise.
  public var detail: String
  /// Whether calls are refused without it.
  public var isNeeded: Bool

  package init(name: String, state: State, detail: String = "", isNeeded: Bool = true) {
    self.name = name
    self.state = state
    self.detail = detail
    self.isNeeded = isNeeded
  }
}
