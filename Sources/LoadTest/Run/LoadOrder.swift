import CallCore

/// What a load test is to do.
public struct LoadOrder: Sendable {
  /// Where calls are placed, such as `ws://127.0.0.1:8080/v1/call`.
  public var url: String
  /// For the server; `nil`: none is sent.
  public var key: String?
  /// When they begin.
  public var plan: ArrivalPlan
  /// What they say.
  public var recordings: [RecordedCaller]
  /// Which of the recordings each call plays; as many weights as there are recordings.
  public var mix: CallMix
  /// Of the run.
  public var seed: UInt64
  /// What it must hold to.
  public var thresholds: [Threshold]
  /// One call of so many is a canary; 0: none is.
  public var canaryEvery = 50
  /// The generator's threads.
  public var loops: Int

  /// Calls that one thread carries without sending late, with room to spare.
  public static let callsPerLoop = 1000

  /// - Parameters: see the properties; a thread for each `callsPerLoop` calls.
  public init(
    url: String, plan: ArrivalPlan, recordings: [RecordedCaller], mix: CallMix, seed: UInt64, thresholds: [Threshold]
  ) {
    precondition(recordings.count == mix.weights.count, "every recording has a weight")
    self.url = url
    self.plan = plan
    self.recordings = recordings
    self.mix = mix
    self.seed = seed
    self.thresholds = thresholds
    loops = max(1, (plan.callsMax + Self.callsPerLoop - 1) / Self.callsPerLoop)
  }

  /// Whether a call is a canary. The first is, so that even a small run has one.
  func isCanary(_ call: Int) -> Bool { canaryEvery > 0 && call % canaryEvery == 0 }
}
