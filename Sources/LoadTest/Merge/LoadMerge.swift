package import CallCore

/// Puts together what several generators of one load tell, second by second. A value that is told everything.
///
/// Counts and histograms are added; percentiles are those of the whole, and the calls that were up are a sum of the same second of each. A
/// second is put together once every generator has told it. Until then it waits here, which takes 2 KB a second and a generator: a generator
/// that tells nothing for a few seconds is lost, and the load is over then.
public struct LoadMerge: Sendable {
  private struct Part: Sendable {
    var generator: GeneratorResult
    /// Not put together yet, in order.
    var waiting: [LoadSecond] = []
    /// The newest that was put together.
    var merged: LoadSecond?
    /// The newest that came.
    var lastNumber = 0
    var missing = 0
    /// Whether nothing more comes.
    var isOver = false

    /// Judges the generator by what it told last.
    mutating func settle(_ merged: LoadSecond) {
      let figures = merged.figures
      (generator.offered, generator.framesSent) = (figures.offered, figures.framesSent)
      generator.framesSentLate = figures.framesSentLate
    }

    /// Whether the generator was late itself.
    var heldUp: GeneratorResult.Problem? {
      guard let figures = merged?.figures, figures.wasHeldUp else { return nil }
      return .heldUp(figures.ownLatePercent)
    }
  }

  /// Everything that is put together.
  public private(set) var totals = LoadTotals()
  private let plan: ArrivalPlan
  private var parts: [Part]
  private var second = 0

  /// - Parameters:
  ///   - plan: of all generators together.
  ///   - names: the generators', in the order of their parts.
  package init(_ plan: ArrivalPlan, generators names: [String]) {
    self.plan = plan
    parts = names.map { Part(generator: GeneratorResult(name: $0)) }
    totals.planDuration = plan.duration
  }

  /// Which generators placed the load, and what came of each.
  package var generators: [GeneratorResult] { parts.map(\.generator) }

  /// Whether what some generator measured is worth nothing already, so that nothing is to be gained by going on.
  package var isInvalid: Bool { parts.contains { $0.generator.problem != nil } }

  /// Whether nothing more comes of any generator, and every second that came is put together.
  package var isOver: Bool { parts.allSatisfy { $0.isOver && $0.waiting.isEmpty } }

  /// Whether nothing more comes of a generator.
  package func hasEnded(_ index: Int) -> Bool { parts[index].isOver }

  /// Takes in a second of a generator; one that came before is passed over.
  package mutating func add(_ second: LoadSecond, of index: Int) {
    guard second.number > parts[index].lastNumber else { return }
    parts[index].missing += max(second.number - second.covered - parts[index].lastNumber, 0)
    parts[index].lastNumber = second.number
    parts[index].waiting.append(second)
    parts[index].generator.coresMax = max(parts[index].generator.coresMax, second.generatorCores)
  }

  /// Nothing more comes of a generator.
  package mutating func end(_ index: Int) { parts[index].isOver = true }

  /// Nothing more comes of a generator, and what it measured is worth nothing. The first problem is kept.
  package mutating func end(_ index: Int, _ problem: GeneratorResult.Problem) {
    parts[index].isOver = true
    if parts[index].generator.problem == nil { parts[index].generator.problem = problem }
  }

  /// How a generator's clock and start were.
  package mutating func begin(_ index: Int, clockError: CallDuration?, lateness: CallDuration) {
    parts[index].generator.clockError = clockError
    guard parts[index].generator.problem == nil else { return }
    if let clockError, clockError > GeneratorResult.clockErrorMax {
      parts[index].generator.problem = .clock(clockError)
    } else if lateness > GeneratorResult.latenessMax {
      parts[index].generator.problem = .startedLate(lateness)
    }
  }

  /// Puts the next second together.
  /// - Parameter servers: asked once for each second what the servers used since the one before.
  /// - Returns: false when a generator has not told it yet, or nothing is left.
  package mutating func mergeNext(servers: () -> (cores: Double?, bytes: Int?) = { (nil, nil) }) -> Bool {
    guard parts.allSatisfy({ $0.isOver || $0.lastNumber > second }),
      parts.contains(where: { !$0.waiting.isEmpty })
    else { return false }
    second += 1
    var recent = LatencyRecord()
    for index in parts.indices {
      while let next = parts[index].waiting.first, next.number <= second {
        parts[index].waiting.removeFirst()
        let isRecord = recent.add(counts: next.latencyCounts)
        precondition(isRecord, "what was read is a record")
        parts[index].merged = next
      }
    }
    addSample(recent, servers())
    return true
  }

  private mutating func addSample(_ recent: LatencyRecord, _ server: (cores: Double?, bytes: Int?)) {
    let before = totals.figures
    var figures = LoadFigures()
    var sample = LoadSample(at: .seconds(second))
    (totals.canaries, totals.givenUp) = (CanaryFigures(), 0)
    for index in parts.indices {
      guard let merged = parts[index].merged else { continue }
      figures += merged.figures
      totals.canaries.add(merged.canaries)
      totals.givenUp += merged.givenUp
      parts[index].settle(merged)
      // Of one that tells nothing more no call is up.
      guard merged.number >= second || !parts[index].waiting.isEmpty || !parts[index].isOver else { continue }
      sample.active += merged.active
      sample.connecting += merged.connecting
      sample.generatorCores += merged.generatorCores
    }
    figures.turnLatency = before.turnLatency
    figures.turnLatency.add(recent)
    var counted = LoadFigures()
    counted.turnLatency = recent
    (counted.framesReceived, counted.framesLate) = (
      figures.framesReceived - before.framesReceived, figures.framesLate - before.framesLate
    )
    (counted.framesSent, counted.framesSentLate) = (
      figures.framesSent - before.framesSent, figures.framesSentLate - before.framesSentLate
    )
    sample.count(figures, recent: counted)
    sample.isFull = plan.isFull(at: .seconds(second))
    (sample.serverCores, sample.serverBytes) = server
    totals.figures = figures
    totals.add(sample)
  }

  /// What came of the load, once every generator is over and every second is put together.
  /// - Parameter make: a result with these figures.
  package func result(_ make: (LoadTotals) -> LoadResult) -> LoadResult {
    var result = make(totals)
    result.generators = parts.map { part in
      var generator = part.generator
      if generator.problem == nil {
        generator.problem = part.missing > 0 ? .secondsMissing(part.missing) : part.heldUp
      }
      return generator
    }
    return result
  }
}
