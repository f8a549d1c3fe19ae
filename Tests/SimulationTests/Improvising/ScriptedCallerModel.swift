import CallCore
import CallDriver
import Simulation
import Threads

/// Answers of a caller's model, one after the other; what it was asked is kept.
final class ScriptedCallerModel: VirtualModel, VirtualModelCall, Sendable {
  /// An answer, or why there is none.
  enum Answer: Sendable {
    case text(String)
    case fault(ModelFault)
    case notRecorded
  }

  private struct State {
    var left: [Answer]
    var asked: [ModelRequest] = []
  }

  private let state: Locked<State>
  private let last: Answer

  /// - Parameters:
  ///   - answers: in order.
  ///   - last: when they are used up.
  init(_ answers: [Answer], last: Answer = .text(ScriptedCallerModel.say("", goal: "open"))) {
    state = Locked(State(left: answers))
    self.last = last
  }

  /// A well-formed answer.
  static func say(_ words: String, goal: String = "open", hangsUp: Bool = false, facts: [String] = []) -> String {
    let list = facts.map { "\"\($0)\"" }.joined(separator: ",")
    return #"{"say": "\#(words)", "facts_used": [\#(list)], "goal_state": "\#(goal)", "hang_up": \#(hangsUp)}"#
  }

  var asked: [ModelRequest] { state.withLock { $0.asked } }

  func beginCall(of testCase: String, seed: UInt64) -> any VirtualModelCall { self }

  func answer(_ question: ModelRequest) throws(VirtualModelMiss) -> [TimedModelEvent] {
    let answer = state.withLock { state in
      state.asked.append(question)
      return state.left.isEmpty ? last : state.left.removeFirst()
    }
    switch answer {
    case .text(let text):
      return [
        TimedModelEvent(after: .seconds(2), .delta(.text(text))),
        .init(after: .seconds(3), .finished(model: "scripted")),
      ]
    case .fault(let fault): return [TimedModelEvent(after: .zero, .failed(fault))]
    case .notRecorded: throw VirtualModelMiss("nobody recorded this")
    }
  }

  func words(ofTurn turn: Int) -> String? { nil }
  func end(heard: [Int: String]) {}
}

extension ModelRequest {
  /// What the caller was told last.
  var lastWords: String {
    if case .user(let text)? = messages.last { text } else { "" }
  }
}
