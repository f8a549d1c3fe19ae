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
