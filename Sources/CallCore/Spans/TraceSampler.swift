/// Which calls' spans are sent, as OpenTelemetry's samplers of these names decide.
public struct TraceSampler: Sendable, Equatable {
  /// The names are the values of `OTEL_TRACES_SAMPLER`.
  public enum Kind: String, Sendable, CaseIterable {
    /// All.
    case alwaysOn = "always_on"
    /// None.
    case alwaysOff = "always_off"
    /// A share of all, by their traces' ids.
    case ratio = "traceidratio"
    /// As whoever calls does; all where nobody says.
    case parentOn = "parentbased_always_on"
    /// As whoever calls does; none where nobody says.
    case parentOff = "parentbased_always_off"
    /// As whoever calls does; a share where nobody says.
    case parentRatio = "parentbased_traceidratio"
  }

  /// How it decides.
  public var kind = Kind.parentOn
  /// The share, in millionths, 0 … 1,000,000.
  public var millionths = 1_000_000

  /// As OpenTelemetry does where nobody says.
  public init() {}

  /// Whether the spans of a call are sent.
  /// - Parameters:
  ///   - parent: what `traceparent` of the call said.
  ///   - trace: the call's.
  public func samples(_ parent: TraceParent?, trace: TraceID) -> Bool {
    switch (kind, parent) {
    case (.alwaysOn, _), (.parentOn, nil): true
    case (.alwaysOff, _), (.parentOff, nil): false
    case (.ratio, _), (.parentRatio, nil): isInShare(trace)
    case (.parentOn, let parent?), (.parentOff, let parent?), (.parentRatio, let parent?): parent.isSampled
    }
  }

  /// The last seven bytes of an id are drawn (W3C Trace Context, level 2): every program that samples the same share takes the same traces.
  private func isInShare(_ trace: TraceID) -> Bool {
    let drawn = trace.low & (1 << 56 - 1)
    let share = UInt64(min(max(millionths, 0), 1_000_000))
    return share == 1_000_000 || drawn >= (1 << 56) / 1_000_000 * (1_000_000 - share)
  }
}
