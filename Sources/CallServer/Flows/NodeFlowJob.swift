import CallCore
import CallDriver
import Formats
import JSON
import Logging
import Threads
import WebSockets

/// Has the language model write a flow of nodes. An answer that is none goes back once with what is wrong with it.
final class NodeFlowJob: Sendable {
  private struct State {
    var answer = ModelAnswer()
    var pieces = 0
    /// Questions that may still be asked.
    var triesLeft = 2
    var slot: ChatSlot?
  }

  private let question: NodeFlowQuestion
  private let model: any ChatRelay
  private let reply: EventStreamReply
  private let usage: UsageMeter
  private let log: Logger
  private let state: Locked<State>

  init(
    _ question: NodeFlowQuestion, to model: any ChatRelay, reply: HTTPReply, slot: ChatSlot, usage: UsageMeter,
    log: Logger
  ) {
    (self.question, self.model, self.usage, self.log) = (question, model, usage, log)
    self.reply = EventStreamReply(reply)
    state = Locked(State(slot: slot))
  }

  /// Asks.
  func begin() { ask(question.request) }

  private func ask(_ request: ModelRequest) {
    state.withLock { state in
      state.triesLeft -= 1
      (state.answer, state.pieces) = (ModelAnswer(), 0)
    }
    let ticket = model.ask(request) { [self] in receive($0) }
    reply.whenGone { ticket.cancel() }
  }

  private func receive(_ event: ModelEvent) {
    switch event {
    case .delta(let delta):
      state.withLock { state in
        state.answer.add(delta)
        state.pieces += delta.isContent ? 1 : 0
      }
    case .finished: finish()
    case .failed(let fault):
      count()
      if fault.kind != .cancelled { log.notice("a question to the language model failed: \(fault)") }
      end(ChatRefusal(fault).speechRefusal.modelChatResponse)
    }
  }

  private func finish() {
    count()
    let (text, isLast) = state.withLock { ($0.answer.text, $0.triesLeft == 0) }
    do throws(NodeFlowFaults) {
      end(.json(.generatedNodeFlow(try question.flow(from: text))))
    } catch {
      guard isLast else { return ask(question.request(correcting: text, error)) }
      end(.nodeFlowError(502, "the language model wrote no flow that can be called, twice: \(error)"))
    }
  }

  private func end(_ response: HTTPResponse) {
    state.withLock { $0.slot = nil }
    reply.end(response, orEvent: [])
  }

  /// Counts what the question cost.
  private func count() {
    let (answer, pieces) = state.withLock { ($0.answer, $0.pieces) }
    usage.add(asked: answer.usage ?? ModelUsage(promptTokens: 0, answerTokens: pieces))
  }
}
