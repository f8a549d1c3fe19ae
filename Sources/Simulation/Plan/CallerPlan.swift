public import CallCore

/// Everything that a simulated caller needs to know before the call: nothing is made up while it goes on.
public struct CallerPlan: Sendable {
  /// What it was made from.
  public var testCase: TestCase
  /// Of this call; every stream of luck is drawn from it.
  public var seed: UInt64
  /// In order.
  public var turns: [PlannedTurn]
  /// Mean square of the caller's speech where it is audible, after the world's level; 0 without sound.
  public var speechPower: Double
  /// The sound of a noise that cannot be worked out as it is needed: babble, or a recording; 16 kHz mono, looped.
  public var noiseSound: [Int16]?

  /// All values as described at the properties.
  public init(
    testCase: TestCase, seed: UInt64, turns: [PlannedTurn], speechPower: Double = 0, noiseSound: [Int16]? = nil
  ) {
    self.testCase = testCase
    self.seed = seed
    self.turns = turns
    self.speechPower = speechPower
    self.noiseSound = noiseSound
  }
}
