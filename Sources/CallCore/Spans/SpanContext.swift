/// Which trace a call belongs to. Ids are drawn by whoever begins the call; those of its spans follow from one of them, so that a tool can be told
/// of a span before there is one.
public struct SpanContext: Sendable, Hashable {
  /// What `traceparent` of the call said; `nil`: the trace begins with the call.
  public let parent: TraceParent?
  /// The call's trace.
  public let trace: TraceID
  /// Whether spans of the call are sent.
  public let isSampled: Bool
  /// The ids of the spans come from it.
  private let seed: UInt64
  private let flags: UInt8

  /// - Parameters:
  ///   - parent: what `traceparent` of the call said.
  ///   - trace: drawn; used where there is no parent.
  ///   - seed: drawn.
  ///   - isSampled: whether spans of the call are sent.
  public init(parent: TraceParent?, trace: TraceID, seed: UInt64, isSampled: Bool) {
    (self.parent, self.seed, self.isSampled) = (parent, seed, isSampled)
    self.trace = parent?.trace ?? trace
    let others = (parent?.flags ?? 0) & ~TraceParent.sampled
    flags = isSampled ? others | TraceParent.sampled : others
  }

  /// The id of a span. Two of a call have never the same: each step of SplitMix64 leads from two numbers to two others.
  func id(of place: SpanPlace) -> SpanID {
    var z = seed &+ place.number &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return SpanID(notZero: z ^ (z >> 31))
  }

  /// What a tool or a model is told that the call asks. Where no spans are sent, what the call was told itself, so that whoever does send
  /// some finds theirs together.
  /// - Returns: `nil` where nobody traces the call.
  public func traceparent(of request: RequestID?) -> String? {
    guard isSampled else { return parent?.text }
    let place = request.map { SpanPlace.request($0.number) } ?? .call
    return TraceParent(trace: trace, span: id(of: place), flags: flags).text
  }
}

/// Where a span stands in its call. Numbers are below 2²⁸: a call has far fewer of anything.
enum SpanPlace: Hashable {
  case call
  case turn(Int)
  case stage(turn: Int, Int)
  case utterance(Int)
  case sentence(utterance: Int, Int)
  case request(Int)
  case toolUse(Int)

  var number: UInt64 {
    switch self {
    case .call: Self.number(0, 0, 0)
    case .turn(let number): Self.number(1, number, 0)
    case .stage(let turn, let stage): Self.number(2, turn, stage)
    case .utterance(let number): Self.number(3, number, 0)
    case .sentence(let utterance, let sentence): Self.number(4, utterance, sentence)
    case .request(let number): Self.number(5, number, 0)
    case .toolUse(let number): Self.number(6, number, 0)
    }
  }

  private static func number(_ kind: UInt64, _ first: Int, _ second: Int) -> UInt64 {
    let mask = 1 << 28 - 1
    return kind << 56 | UInt64(first & mask) << 28 | UInt64(second & mask)
  }
}
