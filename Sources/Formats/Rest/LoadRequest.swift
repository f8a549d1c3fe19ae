public import JSON

/// What `POST /api/load` asks for; `Rest.md` lists the members.
public struct LoadRequest: Sendable, Equatable, JSONDocument {
  /// A test case of the mix.
  public struct Case: Sendable, Equatable {
    /// Of the case.
    public var id: String
    /// How often it is taken against the others, 1 … `weightMax`.
    public var weight: Int

    package init(id: String, weight: Int) {
      self.id = id
      self.weight = weight
    }
  }

  /// Calls at once, 1 … `callsMax`, or so many times `generators`.
  public var calls: Int
  /// The plan as `voiceforge load --plan` takes it.
  public var plan = "ramp"
  /// How fast calls begin, such as `5/s`; `nil`: a tenth of `calls` a second.
  public var ramp: String?
  /// How long the load is held, such as `30s`; `nil`: as long as the plan usually is.
  public var hold: String?
  /// What the callers say; empty: the sample bookings.
  public var cases: [Case] = []
  /// What must hold, such as `turn_latency.p95<1200ms`; empty: the usual ones.
  public var thresholds: [String] = []
  /// The run's luck, 0 and up.
  public var seed = 1
  /// Generators on other machines that place the calls together, 1 … `generatorsMax`; `nil`: one on the server's own machine.
  public var generators: Int?

  /// Most calls at once of one generator, one thread of which carries so many. Without `generators` it shares the server's machine.
  public static let callsMax = 1000
  /// As `voiceforge load --generators` takes them.
  public static let generatorsMax = 100
  /// Most calls at once of all generators together, as `voiceforge load --calls` takes them.
  public static let sharedCallsMax = 30_000
  /// Cases of a mix: more than a store of samples has.
  public static let casesMax = 100
  /// As `voiceforge load` takes it.
  public static let weightMax = 10_000
  /// Thresholds: there are 14 figures, some of them with several measures.
  public static let thresholdsMax = 20
  /// Characters of a plan, a rate, a time or a threshold; the longest sensible plan has 20 steps of five characters.
  public static let wordMax = 120
  /// Largest body: all cases with the longest ids.
  public static let bytesMax = 65_536

  package init(calls: Int) { self.calls = calls }

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "load", bytesMax: Self.bytesMax)
    let generators = try fields.optionalNumber("generators", 1...Self.generatorsMax)
    calls = try fields.number("calls", (generators ?? 1)...Self.callsMax(by: generators))
    self.generators = generators
    plan = try fields.optionalText("plan", 1...Self.wordMax) ?? plan
    ramp = try fields.optionalText("ramp", 1...Self.wordMax)
    hold = try fields.optionalText("hold", 1...Self.wordMax)
    cases = try fields.list("cases") { fields throws(WireFault) in
      Case(
        id: try fields.text("id", 1...CaseLimits.idMax),
        weight: try fields.optionalNumber("weight", 1...Self.weightMax) ?? 1)
    }
    try Self.check(cases.count, of: "cases", Self.casesMax)
    thresholds = try Self.thresholds(fields)
    seed = try fields.optionalSeed("seed", 0...Int.max) ?? seed
  }

  /// Most calls at once that so many generators place; `nil`: one on the server's own machine.
  public static func callsMax(by generators: Int?) -> Int { min((generators ?? 1) * callsMax, sharedCallsMax) }

  private static func thresholds(_ fields: JSONFields) throws(WireFault) -> [String] {
    guard let value = fields["thresholds"] else { return [] }
    guard case .array(let elements) = value else { throw fields.wrongType("thresholds", "a list of texts", value) }
    try check(elements.count, of: "thresholds", thresholdsMax)
    return try elements.map { element throws(WireFault) in
      guard case .string(let text) = element else { throw fields.wrongType("thresholds", "a list of texts", value) }
      guard (1...wordMax).contains(text.unicodeScalars.count), !text.utf8.contains(0) else {
        throw WireFault(.tooLong, "load.thresholds: expected texts of 1 to \(wordMax) characters")
      }
      return text
    }
  }

  private static func check(_ count: Int, of name: String, _ limit: Int) throws(WireFault) {
    guard count <= limit else {
      throw WireFault(.outOfRange, "load.\(name): expected at most \(limit), got \(count)")
    }
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("calls", calls)
    writer.field("plan", plan)
    writer.field("ramp", ramp)
    writer.field("hold", hold)
    writer.objects("cases", cases) { writer, one in
      writer.field("id", one.id)
      writer.field("weight", one.weight)
    }
    writer.list("thresholds", thresholds)
    writer.field("seed", seed)
    writer.field("generators", generators)
  }
}

/// A threshold in parts, so that nobody has to read its text.
public struct LoadThreshold: Sendable, Equatable, JSONDocument {
  /// As it was written, such as `turn_latency.p95<1200ms`.
  public var text: String
  /// What is compared, such as `turn_latency`.
  public var figure: String
  /// Of the figure, such as `p95`; `nil` where there is only one.
  public var statistic: String?
  /// One of `<`, `<=`, `==`, `>=` and `>`.
  public var comparison: String
  /// In thousandths of `unit`.
  public var limitThousandths: Int
  /// `ms`, `MB` or `%`; `nil` for a count or another number alone.
  public var unit: String?

  package init(
    text: String, figure: String, statistic: String?, comparison: String, limitThousandths: Int, unit: String?
  ) {
    self.text = text
    self.figure = figure
    self.statistic = statistic
    self.comparison = comparison
    self.limitThousandths = limitThousandths
    self.unit = unit
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("text", text)
    writer.field("figure", figure)
    writer.field("statistic", statistic)
    writer.field("comparison", comparison)
    writer.field("limit", thousandths: limitThousandths)
    writer.field("unit", unit)
  }
}
