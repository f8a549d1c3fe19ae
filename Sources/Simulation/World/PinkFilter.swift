/// Makes pink noise of white: 3 dB less per octave.
///
/// Paul Kellet's refined filter, first-order sections in parallel (musicdsp.org, archive no. 76, "Pink noise filter"), with his
/// coefficients: within ±0.05 dB from a 4800th of the sample rate up, 3.3 Hz here.
struct PinkFilter: Sendable {
  /// Samples after which the slowest section has forgotten: 0.99886^8192 is 10⁻⁴.
  static let memory = 8192

  private var first = 0.0
  private var second = 0.0
  private var third = 0.0
  private var fourth = 0.0
  private var fifth = 0.0
  private var sixth = 0.0
  private var before = 0.0

  /// The next sample of pink noise.
  mutating func next(_ white: Double) -> Double {
    first = 0.99886 * first + white * 0.0555179
    second = 0.99332 * second + white * 0.0750759
    third = 0.96900 * third + white * 0.1538520
    fourth = 0.86650 * fourth + white * 0.3104856
    fifth = 0.55000 * fifth + white * 0.5329522
    sixth = -0.7616 * sixth - white * 0.0168980
    let pink = first + second + third + fourth + fifth + sixth + before + white * 0.5362
    before = white * 0.115926
    return pink
  }

  /// What it answers to a single 1.
  static let response: [Double] = {
    var filter = PinkFilter()
    return (0..<memory).map { filter.next($0 == 0 ? 1 : 0) }
  }()
}
