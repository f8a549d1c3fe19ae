public import CallCore

/// The figures of one call. How each is measured: `Sources/Documentation.docc/Simulate.md`.
public struct CallMetrics: Sendable, Equatable {
  /// Of these definitions; stands in every report.
  public static let version = 1

  /// Turns that were written, and turns that the call came to.
  public var turnsWritten = 0
  /// See `turnsWritten`.
  public var turnsReached = 0
  /// One for each answered turn, in order.
  public var latencies: [CallDuration] = []
  /// One for each interruption of the agent by the caller, in order.
  public var yields: [CallDuration] = []
  /// Time in which both speak.
  public var talkOver = CallDuration.zero
  /// How often the agent began inside a caller's turn.
  public var agentInterruptions = 0
  /// How many of these were in a pause that was written or drawn: the agent took it for the end.
  public var falseEnds = 0
  /// Turns that wanted an answer and got none in time.
  public var missedTurns = 0
  /// Over all spoken turns that the agent gave its understanding of; `nil` without any.
  public var wordErrors: WordErrorRate?
  /// Gaps over 20 ms inside an utterance of the agent, not counting those between sentences.
  public var dropouts = 0
  /// Samples of the agent at full scale.
  public var clippedSamples = 0
  /// Level of the agent's speech, in tenths of a dB below full scale; `nil` without sound.
  public var agentLevelTenths: Int?
  /// Power of the caller's speech over the noise in the caller's track, in tenths of a dB; `nil` without noise or sound.
  public var noiseRatioTenths: Int?
  /// Share of the caller's packets that were lost, in tenths of a per cent; `nil` without packets.
  public var lossPermille: Int?
  /// Length of the call.
  public var duration = CallDuration.zero

  /// All empty.
  public init() {}
}
