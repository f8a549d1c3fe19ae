/// Random numbers from one seed, split into named streams, so that what one part of a call draws never changes another's luck.
///
/// The generator is SplitMix64 (Steele, Lea and Flood 2014); the stream's name goes into the seed by FNV-1a.
public struct SeededStream: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// - Parameters:
  ///   - seed: of the call.
  ///   - name: of the stream, such as `loss` or `fillers`.
  public init(seed: UInt64, _ name: String) {
    state = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15) ^ Self.hash(name)
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A number of `range`, each as likely (to one in 2⁶⁴ of the range's length).
  public mutating func number(in range: ClosedRange<Int>) -> Int {
    let span = UInt64(range.upperBound - range.lowerBound) &+ 1
    return range.lowerBound + Int(next().multipliedFullWidth(by: span).high)
  }

  /// True with a chance of `share` in `whole`.
  public mutating func draws(_ share: Int, outOf whole: Int) -> Bool { number(in: 0...(whole - 1)) < share }

  /// The seed of something within a larger thing, such as a case within a run.
  public static func seed(from seed: UInt64, _ name: String, _ number: Int = 0) -> UInt64 {
    mixed(mixed(seed &+ 0x9E37_79B9_7F4A_7C15) ^ hash(name) &+ UInt64(bitPattern: Int64(number)))
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var bits = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
