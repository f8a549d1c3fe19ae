import CallCore
import CallDriver
import TestSupport

/// A language model that says what a test tells it, at once, or nothing until it is given up; and keeps what it was asked.
final class ModelDouble: LanguageModel {
  let asked = Probe<[ModelRequest]>([])
  /// Questions that were given up.
  let cancelled = Probe(0)
  private let answer: @Sendable (ModelRequest) -> String?

  /// What each answer costs.
  static let cost = ModelUsage(promptTokens: 70, answerTokens: 5)

  /// - Parameter answer: `nil`: it says nothing.
  init(_ answer: @escaping @Sendable (ModelRequest) -> String?) { self.answer = answer }

  func ask(_ request: ModelRequest, _ deliver: @escaping @Sendable (ModelEvent) -> Void) -> any ModelTicket {
    asked.change { $0.append(request) }
    guard let text = answer(request) else { return Ticket(model: self) }
    // In two pieces, as it comes from a server.
    deliver(.delta(.text(String(text.prefix(7)))))
    deliver(.delta(.text(String(text.dropFirst(7)))))
    deliver(.delta(.usage(Self.cost)))
    deliver(.finished(model: "double"))
    return Ticket(model: nil)
  }

  private struct Ticket: ModelTicket {
    let model: ModelDouble?

    func cancel() { model?.cancelled.change { $0 += 1 } }
  }
}

extension ModelRequest {
  /// What it begins with.
  var instructions: String { if case .system(let text)? = messages.first { text } else { "" } }

  /// What was said last.
  var lastText: String {
    switch messages.last {
    case .system(let text), .user(let text), .assistant(let text, _), .toolResult(_, let text): text
    case nil: ""
    }
  }
}
