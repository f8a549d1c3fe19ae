/// How utterances are encoded.
public struct OpusSettings: Sendable, Hashable {
  /// Bits per second, 6000 … 128 000.
  public var bitRate: Int
  /// libopus' effort, 0 … 10.
  public var complexity: Int
  /// Share of packets expected to be lost, 0 … 100. Above 0 every packet also carries a coarse copy of the one before it.
  public var expectedLossPercent: Int

  /// The defaults suit speech at 16 kHz over a transport that loses nothing, as WebSocket over TCP.
  public init(bitRate: Int = 24000, complexity: Int = 5, expectedLossPercent: Int = 0) {
    self.bitRate = min(max(bitRate, 6000), 128_000)
    self.complexity = min(max(complexity, 0), 10)
    self.expectedLossPercent = min(max(expectedLossPercent, 0), 100)
  }
}
