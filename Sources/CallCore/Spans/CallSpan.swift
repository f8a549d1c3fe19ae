/// A piece of a call with its beginning and its end, as OpenTelemetry knows it.
public struct CallSpan: Sendable, Hashable {
  /// OpenTelemetry's kinds of spans, as far as calls have any. The raw values are those of its protocol.
  public enum Kind: Int, Sendable {
    /// Work of this program.
    case `internal` = 1
    /// Somebody else asked for it.
    case server = 2
    /// Somebody else is asked.
    case client = 3
  }

  /// No other span of the trace has it.
  public var id: SpanID
  /// What it is a part of; `nil`: of nothing.
  public var parent: SpanID?
  /// One of few.
  public var name: String
  /// Who asked whom.
  public var kind = Kind.internal
  /// From the start of the call.
  public var start: Timestamp
  /// Never before `start`.
  public var end: Timestamp
  /// What is known of it, by name.
  public var attributes: [SpanAttribute] = []
  /// What happened meanwhile; at most `eventsMax`.
  public var events: [SpanEvent] = []
  /// Events that did not fit.
  public var eventsDropped = 0
  /// Why it failed; `nil`: it did not.
  public var failure: String?

  /// Longest name of a model in a span's name, in characters.
  static let modelMax = 100
  /// Most events of a span: OpenTelemetry's own limit (`OTEL_SPAN_EVENT_COUNT_LIMIT`).
  public static let eventsMax = 128

  init(_ id: SpanID, of parent: SpanID?, _ name: String, from start: Timestamp, to end: Timestamp) {
    (self.id, self.parent, self.name, self.start, self.end) = (id, parent, name, start, max(start, end))
  }

  /// How long it took.
  public var duration: CallDuration { end - start }

  /// Sets what is known; `nil` is left out.
  mutating func set(_ name: String, _ value: String?) {
    if let value { attributes.append(SpanAttribute(name: name, value: .text(value))) }
  }

  /// The same for a number.
  mutating func set(_ name: String, _ value: Int?) {
    if let value { attributes.append(SpanAttribute(name: name, value: .number(value))) }
  }

  /// The same for what is so or not.
  mutating func set(_ name: String, _ value: Bool) {
    attributes.append(SpanAttribute(name: name, value: .flag(value)))
  }

  mutating func add(_ event: SpanEvent) {
    guard events.count < Self.eventsMax else {
      eventsDropped += 1
      return
    }
    events.append(event)
  }
}

/// Something that is known of a span or of what made it.
public struct SpanAttribute: Sendable, Hashable {
  /// What kinds of values there are.
  public enum Value: Sendable, Hashable {
    /// Words.
    case text(String)
    /// A whole number.
    case number(Int)
    /// Whether it is so.
    case flag(Bool)
  }

  /// By OpenTelemetry's semantic conventions where they have one, else beginning with `voiceforge.`.
  public var name: String
  /// What is known.
  public var value: Value

  /// - Parameter name: of the conventions, or beginning with `voiceforge.`.
  public init(name: String, value: Value) { (self.name, self.value) = (name, value) }
}

/// Something that happened in a span.
public struct SpanEvent: Sendable, Hashable {
  /// When, from the start of the call.
  public var at: Timestamp
  /// What kind of thing.
  public var name: String
  /// The rest of it.
  public var attributes: [SpanAttribute] = []
}

/// The spans of one call.
public struct CallSpans: Sendable, Hashable {
  /// The trace that they belong to.
  public var trace: TraceID
  /// The start of the call in microseconds since 1970 UTC.
  public var startedAtUnixMicroseconds: Int64
  /// The call first, then in the order of their beginnings, each behind what it is a part of.
  public var spans: [CallSpan]
}
