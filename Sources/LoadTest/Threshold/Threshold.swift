import CallCore

/// What a load test must hold to, written as in k6: `turn_latency.p95<1200ms`, `frames_late<1%`, `failed==0`, `refused<=5`. With `abort`
/// behind it, the run ends as soon as the threshold is hopeless.
public struct Threshold: Sendable, Equatable {
  /// How a figure is compared with the limit.
  package enum Relation: String, Sendable, CaseIterable {
    // The longer signs first, so that they are found first.
    case atMost = "<="
    case atLeast = ">="
    case equal = "=="
    case below = "<"
    case above = ">"

    /// Whether `value` stands so to `limit`.
    func holds(_ value: Double, _ limit: Double) -> Bool {
      switch self {
      case .atMost: value <= limit
      case .atLeast: value >= limit
      case .equal: value == limit
      case .below: value < limit
      case .above: value > limit
      }
    }
  }

  /// What is compared.
  public var figure: ThresholdFigure
  /// Of the figure, such as `p95`; empty where there is only one.
  public var measure: String
  /// How.
  package var relation: Relation
  /// Milliseconds, a count, a number of cores, megabytes, or per cent where `isShare`.
  public var limit: Double
  /// Whether the limit is in per cent.
  public var isShare: Bool
  /// Whether the run ends when the threshold is hopeless.
  public var aborts: Bool
  /// As it was written, without `abort`.
  public var text: String

  /// Reads a threshold.
  public init(_ written: String) throws(ThresholdFault) {
    var words = written.split(whereSeparator: { $0 == " " || $0 == ":" }).map(String.init)
    aborts = words.count > 1 && words.last == "abort"
    if aborts { words.removeLast() }
    text = words.joined()
    guard let (relation, sign) = Self.relation(in: text) else { throw .noRelation(written) }
    self.relation = relation
    let name = text[..<sign.lowerBound].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let figure = name.first.flatMap({ ThresholdFigure(rawValue: String($0)) }) else {
      throw .unknownFigure(String(text[..<sign.lowerBound]))
    }
    self.figure = figure
    measure = name.count > 1 ? String(name[1]) : figure.measures.first ?? ""
    guard figure.measures.contains(measure) || (measure.isEmpty && name.count == 1) else {
      throw .unknownMeasure(measure, figure)
    }
    (limit, isShare) = try Self.limit(String(text[sign.upperBound...]), of: figure, measure)
  }

  private static func relation(in text: String) -> (Relation, Range<String.Index>)? {
    for relation in Relation.allCases {
      if let range = text.firstRange(of: relation.rawValue) { return (relation, range) }
    }
    return nil
  }

  private static func limit(
    _ text: String, of figure: ThresholdFigure, _ measure: String
  ) throws(ThresholdFault) -> (Double, Bool) {
    let number = text.prefix { "0123456789.".contains($0) }
    let unit = String(text.dropFirst(number.count))
    guard let value = Double(number), number.count <= 12 else { throw .noLimit(text, figure, measure) }
    switch (figure.sort, unit) {
    case (.wait, "ms"): return (value, false)
    case (.wait, "s"): return (value * 1000, false)
    case (.count, ""), (.number, ""): return (value, false)
    case (.count, "%"): return (value, true)
    case (.memory, "%") where measure == "growth": return (value, true)
    case (.memory, "MB") where measure == "max": return (value, false)
    default: throw .noLimit(text, figure, measure)
    }
  }

  /// Of the limit: `ms`, `MB` or `%`; `nil` for a number alone.
  public var unit: String? {
    if isShare { return "%" }
    return switch figure.sort {
    case .wait: "ms"
    case .memory: "MB"
    case .count, .number: nil
    }
  }

  /// What a run is held to when nothing is said: the goals of a call that is pleasant to have.
  public static let usual: [Threshold] = ["turn_latency.p95<1200ms", "frames_late<1%", "failed==0", "refused==0"].map {
    do throws(ThresholdFault) { return try Threshold($0) } catch { preconditionFailure("\($0) is well written") }
  }
}

/// What is wrong with a threshold as it was written, and what to write instead.
public enum ThresholdFault: Error, Sendable, Equatable {
  /// Neither `<` nor any other sign.
  case noRelation(String)
  /// There is no such figure.
  case unknownFigure(String)
  /// The figure has no such measure.
  case unknownMeasure(String, ThresholdFigure)
  /// What stands behind the sign is no limit for this figure.
  case noLimit(String, ThresholdFigure, String)
}

extension ThresholdFault: CustomStringConvertible {
  /// One sentence with the remedy.
  public var description: String {
    switch self {
    case .noRelation(let text):
      "\"\(text)\" has none of < <= == >= >; write a threshold such as turn_latency.p95<1200ms"
    case .unknownFigure(let name): "there is no figure \"\(name)\"; there are \(ThresholdFigure.known)"
    case .unknownMeasure(let measure, let figure):
      figure.measures.isEmpty
        ? "\(figure.rawValue) has no measures: write it without .\(measure)"
        : "\(figure.rawValue) has no \"\(measure)\"; it has \(figure.measures.joined(separator: ", "))"
    case .noLimit(let text, let figure, let measure):
      "\"\(text)\" is no limit for \(figure.rawValue); write \(Self.example(figure, measure))"
    }
  }

  private static func example(_ figure: ThresholdFigure, _ measure: String) -> String {
    switch figure.sort {
    case .wait: "a time, such as \(figure.rawValue).p95<1200ms or <1.2s"
    case .count: "a count or a share, such as \(figure.rawValue)<=5 or \(figure.rawValue)<1%"
    case .number: "a number, such as \(figure.rawValue)<5"
    case .memory:
      measure == "growth" ? "per cent, such as server_rss.growth<2%" : "megabytes, such as server_rss.max<500MB"
    }
  }
}
