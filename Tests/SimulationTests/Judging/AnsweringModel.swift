import CallCore
import CallDriver
import Simulation
import Synchronization

/// A language model that gives its answers one after the other, whatever it is asked, and keeps the questions.
final class AnsweringModel: VirtualModel {
  /// What comes of a question.
  enum Answer: Sendable {
    case text(String)
    case fault(ModelFault)
    case missing(String)
    case cutOff(String)

    /// As the form wants it.
    static func says(_ answer: String, _ quote: String, why: String = "So it is.") -> Self {
      .text(#"{"answer":"\#(answer)","quote":"\#(quote)","why":"\#(why)"}"#)
    }
  }

  private let state: Mutex<(answers: [Answer], questions: [ModelRequest])>

  init(answers: [Answer]) { state = Mutex((answers, [])) }

  convenience init(_ answers: Answer...) { self.init(answers: answers) }

  /// In order.
  var questions: [ModelRequest] { state.withLock { $0.questions } }

  func beginCall(of testCase: String, seed: UInt64) -> any VirtualModelCall { Call(self) }

  private final class Call: VirtualModelCall {
    private let model: AnsweringModel

    init(_ model: AnsweringModel) { self.model = model }

    func answer(_ question: ModelRequest) throws(VirtualModelMiss) -> [TimedModelEvent] {
      let answer = model.state.withLock { state in
        state.questions.append(question)
        return state.answers.isEmpty ? Answer.missing("nothing is left to say") : state.answers.removeFirst()
      }
      let end = TimedModelEvent(after: .milliseconds(3), .finished(model: "double"))
      switch answer {
      case .text(let text):
        return [TimedModelEvent(after: .milliseconds(1), .delta(.text(String(text.prefix(5)))))]
          + [TimedModelEvent(after: .milliseconds(2), .delta(.text(String(text.dropFirst(5)))))] + [end]
      case .cutOff(let text):
        return [
          TimedModelEvent(after: .zero, .delta(.text(text))), TimedModelEvent(after: .zero, .delta(.finish(.length))),
          end,
        ]
      case .fault(let fault): return [TimedModelEvent(after: .zero, .failed(fault))]
      case .missing(let why): throw VirtualModelMiss(why)
      }
    }

    func words(ofTurn turn: Int) -> String? { nil }
    func end(heard: [Int: String]) {}
  }
}
