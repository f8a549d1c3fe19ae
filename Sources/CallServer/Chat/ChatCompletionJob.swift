import CallCore
import CallDriver
import Formats
import JSON
import Logging
import Threads
import WebSockets

/// Passes a client's question on to the language model, and the answer back as it comes. When the client goes, the model is told to stop.
final class ChatCompletionJob: Sendable {
  private let request: ChatCompletionRequest
  private let reply: EventStreamReply
  private let usage: UsageMeter
  private let log: Logger
  /// Given back when the answer is over.
  private let slot: Locked<ChatSlot?>
  /// An answer that is no stream.
  private let document = Locked<[UInt8]>([])

  init(_ request: ChatCompletionRequest, reply: HTTPReply, slot: ChatSlot, usage: UsageMeter, log: Logger) {
    (self.request, self.usage, self.log) = (request, usage, log)
    self.reply = EventStreamReply(reply)
    self.slot = Locked(slot)
  }

  /// Asks.
  func begin(_ model: any ChatRelay) {
    let question = ChatRelayRequest(isStreamed: request.isStreamed, wantsUsage: request.wantsUsage) { [request] in
      request.body(model: $0)
    }
    let ticket = model.relay(question) { [self] event in receive(event) }
    reply.whenGone { ticket.cancel() }
  }

  private func receive(_ event: ChatRelayEvent) {
    switch event {
    case .data(let data): if request.isStreamed { reply.send(data) } else { document.withLock { $0 = data } }
    case .finished(let cost):
      end(cost)
      let done = Array("[DONE]".utf8)
      if request.isStreamed { reply.end(done) } else { reply.end(.json(document.withLock { $0 }), orEvent: done) }
    case .failed(let refusal, let cost):
      end(cost)
      if refusal.fault.kind != .cancelled { log.notice("a question to the language model failed: \(refusal.fault)") }
      // Clients take an event with an error for one, and without [DONE] nobody takes half an answer for the whole.
      let told = refusal.speechRefusal
      reply.end(told.response(.openAI), orEvent: told.fault.json)
    }
  }

  private func end(_ cost: ModelUsage) {
    usage.add(asked: cost)
    slot.withLock { $0 = nil }
  }
}
