import CallCore
import Simulation

/// A load test as JUnit XML: a test case for each threshold, and one for the generator's own punctuality.
public enum LoadJUnit {
  /// What was not kept is a `failure`; when the generator was late, every threshold is an `error`, because nothing is known.
  public static func text(of result: LoadResult) -> String {
    let isInvalid = result.verdict == .invalid || result.verdict == .unreachable
    let broken = isInvalid ? 0 : result.findings.count { !$0.holds }
    let errors = isInvalid ? result.findings.count + 1 : 0
    let time = LoadText.decimals(result.duration.seconds, 3)
    return JUnitSuite.text(
      "voiceforge load", tests: result.findings.count + 1, failures: broken, errors: errors, time: time,
      started: result.startedAtUnixMicroseconds
    ) { xml in
      for finding in result.findings { write(finding, isInvalid, time, to: &xml) }
      write(generatorOf: result, isInvalid, time, to: &xml)
    }
  }

  private static func write(_ finding: ThresholdFinding, _ isInvalid: Bool, _ time: String, to xml: inout Markup) {
    xml.verbatim("\n")
    xml.element("testcase", ["classname": "load", "name": finding.threshold.text, "time": time]) { xml in
      if isInvalid {
        xml.element("error", ["type": "invalid", "message": "nothing is known: see the generator"], text: "")
      } else if !finding.holds {
        xml.element(
          "failure", ["type": finding.threshold.figure.rawValue, "message": "found \(finding.found)"], text: "")
      }
      xml.element("system-out", text: "found \(finding.found)")
    }
  }

  private static func write(
    generatorOf result: LoadResult, _ isInvalid: Bool, _ time: String, to xml: inout Markup
  ) {
    xml.verbatim("\n")
    xml.element("testcase", ["classname": "load", "name": "the generator is on time", "time": time]) { xml in
      if isInvalid {
        xml.element(
          "error", ["type": result.verdict.rawValue, "message": result.verdictText], text: "")
      }
      xml.element("system-out", text: "\(LoadText.decimals(result.ownLatePercent, 2)) % of its frames were sent late")
    }
  }
}
