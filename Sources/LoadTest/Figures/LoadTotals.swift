public import CallCore

/// Everything that is known of a load test so far: what thresholds and reports are drawn from.
public struct LoadTotals: Sendable {
  /// Sums since the start.
  public var figures = LoadFigures()
  /// Of the fully scored calls.
  public var canaries = CanaryFigures()
  /// Second by second.
  public var samples: [LoadSample] = []
  /// Arrivals that were given up because as many calls were up as the plan allows.
  public var givenUp = 0
  /// Length of the plan.
  public var planDuration = CallDuration.zero
  /// Whether no more calls are begun and the last ones end.
  public var isEnding = false

  /// Seconds that are kept: a day. From then on every other one is dropped, again and again, so that a longer run keeps its whole course.
  public static let samplesMax = 86_400

  /// Seconds whose turn latencies are kept one by one, as reports need them that are put together: an hour.
  static let countedSamplesMax = 3600

  /// Nothing has happened yet.
  public init() {}

  /// Adds a second.
  public mutating func add(_ sample: LoadSample) {
    if samples.count >= Self.samplesMax {
      samples = samples.indices.filter { $0 % 2 == 1 }.map { samples[$0] }
    }
    samples.append(sample)
    if samples.count > Self.countedSamplesMax { samples[samples.count - 2].latencyCounts = [] }
  }

  /// Most calls that were up at the end of a second.
  public var activeMax: Int { samples.map(\.active).max() ?? 0 }

  /// Cores that the server used while the full load was on, in the mean; `nil` where it does not tell.
  public var serverCores: Double? {
    let cores = samples.filter(\.isFull).compactMap(\.serverCores)
    return cores.isEmpty ? nil : cores.reduce(0, +) / Double(cores.count)
  }

  /// Most cores that it used in a second.
  public var serverCoresMax: Double? { samples.compactMap(\.serverCores).max() }

  /// Most bytes that the server had resident.
  public var serverBytesMax: Int? { samples.compactMap(\.serverBytes).max() }

  /// How much the server's memory grew under the full load, in tenths of a per cent: the mean of the last fifth of its seconds against the
  /// second fifth, when everything that is made once has been made. `nil` with fewer than ten readings.
  public var serverGrowthPermille: Int? {
    let bytes = samples.filter(\.isFull).compactMap(\.serverBytes)
    guard bytes.count >= 10 else { return nil }
    let fifth = bytes.count / 5
    let before = bytes[fifth..<(2 * fifth)].reduce(0, +) / fifth
    let after = bytes.suffix(fifth).reduce(0, +) / fifth
    return before == 0 ? nil : (after - before) * 1000 / before
  }
}

/// What canaries found: calls among the load that hear, decode and score everything, as `voiceforge simulate` does.
public struct CanaryFigures: Sendable {
  /// Canary calls that passed.
  public var passed = 0
  /// Those that failed a check.
  public var failed = 0
  /// Those that prove nothing: the stimulus was not found in the track, or the canary itself was late.
  public var invalid = 0
  /// Turn latencies by the tracks: end of the caller's last sound to the first sound of the agent that can be heard.
  public var latency = LatencyRecord()
  /// For the same turns: how much later the agent can be heard than the first packet of its reply arrives. It is what `turn_latency`, which
  /// is measured on packets, leaves out.
  public var onset = LatencyRecord()
  /// The first reasons of canaries that did not pass, at most `reasonsMax`.
  public private(set) var reasons: [String] = []

  /// Reasons that are kept; more say the same again.
  public static let reasonsMax = 20

  /// None was held yet.
  public init() {}

  /// Canaries that are over.
  public var count: Int { passed + failed + invalid }

  /// Keeps a reason while there is room.
  public mutating func add(reason: String) {
    if reasons.count < Self.reasonsMax { reasons.append(reason) }
  }
}
