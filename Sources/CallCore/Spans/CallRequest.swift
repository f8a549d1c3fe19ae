/// What a call asked an engine, a tool or a language model for: kept while it goes on, for its spans.
public struct CallRequest: Sendable, Hashable {
  /// What was asked for. Nothing that anybody said is in it.
  public enum Work: Sendable, Hashable {
    /// Words of a turn.
    case recognition(CallAction.Purpose)
    /// Sound of a sentence of an utterance, the first of which is 0.
    case synthesis(UtteranceID, sentence: Int)
    /// A flow's request to a server.
    case tool(state: String, method: String)
    /// A language model's answer; early: to words that may not be all of the turn's.
    case model(isEarly: Bool)
    /// How alike words are in meaning.
    case comparison
    /// Whether a turn sounds complete.
    case judgement
  }

  /// How it ended.
  public enum Outcome: Sendable, Hashable {
    /// With an answer.
    case answered
    /// Without one, for a reason that shows nothing of anybody's words.
    case failed(String)
    /// Nobody wanted it any more.
    case cancelled
  }

  /// What was asked for.
  public var work: Work
  /// Its number in the call; `nil` for sentences.
  public var request: RequestID?
  /// When.
  public var askedAt: Timestamp
  /// When the answer was there or given up; `nil`: not before the call was over.
  public var endedAt: Timestamp?
  /// How it ended; `nil`: not before the call was over.
  public var outcome: Outcome?
  /// The status of HTTP that a tool answered with.
  public var status: Int?
  /// When the first piece of a model's answer came.
  public var firstAt: Timestamp?
  /// What the answer cost, where the model's server says so.
  public var usage: ModelUsage?
  /// Who answered, as the model's server calls it.
  public var model: String?

  init(_ work: Work, _ request: RequestID?, at now: Timestamp) {
    (self.work, self.request, askedAt) = (work, request, now)
  }
}

/// What a call asked for, in order. Touched a few times a turn, never for a packet.
public struct CallRequestLog: Sendable, Equatable {
  /// Most requests of a call that are kept; what is beyond is counted. With 20 a turn, 100 turns.
  public static let requestsMax = 2000

  /// The oldest first.
  public private(set) var requests: [CallRequest] = []
  /// Those that did not fit.
  public private(set) var dropped = 0
  /// Places of those that go on: few at any time, and the newest are looked at first.
  private var open: [Int] = []

  /// Nothing yet.
  public init() {}

  /// Something is asked for.
  public mutating func ask(_ work: CallRequest.Work, _ request: RequestID? = nil, at now: Timestamp) {
    guard requests.count < Self.requestsMax else {
      dropped += 1
      return
    }
    open.append(requests.count)
    requests.append(CallRequest(work, request, at: now))
  }

  /// A request with a number is over; again changes nothing.
  /// - Parameters:
  ///   - status: of HTTP, that a tool answered with.
  ///   - model: who answered, as the model's server calls it.
  public mutating func end(
    _ request: RequestID, _ outcome: CallRequest.Outcome, status: Int? = nil, model: String? = nil, at now: Timestamp
  ) {
    guard let index = take({ $0.request == request }) else { return }
    end(index, outcome, at: now)
    (requests[index].status, requests[index].model) = (status, model)
  }

  /// A sentence is there, or will never be.
  public mutating func end(
    _ utterance: UtteranceID, sentence: Int, _ outcome: CallRequest.Outcome, at now: Timestamp
  ) {
    guard let index = take({ $0.work == .synthesis(utterance, sentence: sentence) }) else { return }
    end(index, outcome, at: now)
  }

  /// More comes of a language model's answer.
  public mutating func note(_ delta: ModelDelta, of request: RequestID, at now: Timestamp) {
    guard let index = open.last(where: { requests[$0].request == request }) else { return }
    if delta.isContent, requests[index].firstAt == nil { requests[index].firstAt = now }
    if case .usage(let usage) = delta { requests[index].usage = usage }
  }

  private mutating func take(_ isIt: (CallRequest) -> Bool) -> Int? {
    guard let place = open.lastIndex(where: { isIt(requests[$0]) }) else { return nil }
    return open.remove(at: place)
  }

  private mutating func end(_ index: Int, _ outcome: CallRequest.Outcome, at now: Timestamp) {
    requests[index].endedAt = now
    requests[index].outcome = outcome
  }
}
