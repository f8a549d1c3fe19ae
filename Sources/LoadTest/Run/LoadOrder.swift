public import CallClient
import CallCore
import Simulation
import Wires

/// What a load test is to do.
public struct LoadOrder: Sendable {
  /// Whom a load calls.
  public enum Callee: Sendable {
    /// A server of ours, such as `ws://127.0.0.1:8080/v1/call`.
    case server(String)
    /// Somebody's bot, over its own wire.
    case bot(BotTarget)

    /// Where calls are placed.
    public var url: String {
      switch self {
      case .server(let url): url
      case .bot(let target): target.url
      }
    }

    /// As it is named on the command line.
    var name: String {
      switch self {
      case .server(let url): url
      case .bot(let target): "\(target.wire.rawValue)+\(target.url)"
      }
    }
  }

  /// Who is called.
  public var callee: Callee
  /// For a server of ours; `nil`: none is sent. A bot's stands in its target.
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
  /// The part of the plan that this generator places.
  public var segment = LoadSegment.whole {
    didSet { loops = Self.loops(for: segment.share(of: plan.callsMax)) }
  }
  /// The generator's threads.
  public private(set) var loops: Int

  /// Calls that one thread carries without sending late, with room to spare.
  public static let callsPerLoop = 1000

  package init(
    _ callee: Callee, plan: ArrivalPlan, recordings: [RecordedCaller], mix: CallMix, seed: UInt64,
    thresholds: [Threshold]
  ) {
    precondition(recordings.count == mix.weights.count, "every recording has a weight")
    self.callee = callee
    self.plan = plan
    self.recordings = recordings
    self.mix = mix
    self.seed = seed
    self.thresholds = thresholds
    loops = Self.loops(for: plan.callsMax)
  }

  /// The threads of several generators together.
  package static func loops(for plan: ArrivalPlan, by generators: Int) -> Int {
    (0..<generators).map { loops(for: LoadSegment($0, of: generators).share(of: plan.callsMax)) }.reduce(0, +)
  }

  private static func loops(for calls: Int) -> Int { max(1, (calls + callsPerLoop - 1) / callsPerLoop) }

  /// Whether a call is a canary. The first is, so that even a small run has one.
  func isCanary(_ call: Int) -> Bool { canaryEvery > 0 && call % canaryEvery == 0 }
}

/// Which test case each call of a load test takes. The same seed gives the same order, however fast the calls come.
public struct CallMix: Sendable, Equatable {
  /// How often each case is taken, against the others.
  public let weights: [Int]
  private let seed: UInt64
  private let sum: Int

  /// Largest weight: enough for a case that comes once in ten thousand calls.
  public static let weightMax = 10_000

  /// - Parameters:
  ///   - weights: of each case, 1 … `weightMax`; at least one.
  ///   - seed: of the run.
  public init(weights: [Int], seed: UInt64) {
    precondition(!weights.isEmpty && weights.allSatisfy { (1...Self.weightMax).contains($0) }, "a mix needs weights")
    self.weights = weights
    self.seed = seed
    sum = weights.reduce(0, +)
  }

  /// Index of the case that a call takes.
  /// - Parameter call: counted from 0 in the order in which they begin.
  public func index(ofCall call: Int) -> Int {
    var streams = SeededStream(seed: SeededStream.seed(from: seed, "mix", call), "case")
    var drawn = streams.number(in: 0...(sum - 1))
    for (index, weight) in weights.enumerated() {
      if drawn < weight { return index }
      drawn -= weight
    }
    preconditionFailure("what is drawn is below the sum of the weights")
  }
}
