import CallCore
import CallDriver
import Wires

/// What the peer of a call asks the language model beside it. The call's machine knows nothing of these questions: their numbers are far above its
/// own. How many there are is the wire's to limit.
struct AsideQuestions {
  /// Above every number that a call's machine gives.
  private static let base = 1 << 40

  private var open: Set<Int> = []

  /// - Parameter aside: the wire's number of it.
  mutating func ask(_ aside: Int, _ question: ModelRequest, of work: LiveSpeechTasks?, call: CallNumber) {
    open.insert(aside)
    work?.askModel(question, request: RequestID(Self.base + aside), call: call)
  }

  mutating func stop(_ aside: Int, _ work: LiveSpeechTasks?, call: CallNumber) {
    guard open.remove(aside) != nil else { return }
    work?.cancel(RequestID(Self.base + aside), call: call)
  }

  mutating func stopAll(_ work: LiveSpeechTasks?, call: CallNumber) {
    for aside in open { work?.cancel(RequestID(Self.base + aside), call: call) }
    open = []
  }

  /// - Returns: what of an answer belongs to a question beside the call; `nil`: it is the call's.
  mutating func taken(_ content: SpeechResult.Content) -> (aside: Int, event: ModelEvent)? {
    guard case .model(let request, let event) = content, request.number > Self.base else { return nil }
    let aside = request.number - Self.base
    if case .delta = event {} else { open.remove(aside) }
    return (aside, event)
  }
}

extension AsideNews {
  init(_ event: ModelEvent) {
    switch event {
    case .delta(let delta): self = .delta(delta)
    case .finished: self = .finished
    case .failed(let fault): self = .failed(fault)
    }
  }
}
