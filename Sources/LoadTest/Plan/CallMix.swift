import Simulation

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
    var luck = SeededStream(seed: SeededStream.seed(from: seed, "mix", call), "case")
    var drawn = luck.number(in: 0...(sum - 1))
    for (index, weight) in weights.enumerated() {
      if drawn < weight { return index }
      drawn -= weight
    }
    preconditionFailure("what is drawn is below the sum of the weights")
  }
}
