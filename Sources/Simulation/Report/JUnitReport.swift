package import CallCore

/// A run as JUnit XML, for servers that show test results. Fits the schema that Jenkins checks against (`junit-10.xsd` of its xunit
/// plugin), whose test cases take no properties: the replay commands stand in the suite's properties and in the messages.
public enum JUnitReport {
  /// One suite: a test case for each attempt, in the order of the run, and a skipped one for each case that was not run. What
  /// failed is a `failure`; what is invalid is an `error`.
  public static func text(of run: SimulationRun) -> String {
    let names = run.results.map { $0.name(in: run) }
    let calls = zip(run.results, names).map { result, name in
      Call(
        verdict: result.verdict, id: result.testCase.id, name: name, className: className(of: result.testCase),
        replay: result.replay)
    }
    return text(of: run.summary, calls) { xml in
      for (result, name) in zip(run.results, names) { write(result, named: name, to: &xml) }
    }
  }

  /// What the frame says of a call.
  struct Call {
    var verdict: Verdict
    var id: String
    var name: String
    var className: String
    var replay: String
  }

  /// - Parameter cases: writes each call as ``write(_:named:to:)`` does.
  static func text(of run: RunSummary, _ calls: [Call], cases: (inout Markup) -> Void) -> String {
    JUnitSuite.text(
      "voiceforge simulate", tests: run.calls.count + run.notRun.count, failures: run.count(.failed),
      errors: run.count(.invalid), skipped: run.notRun.count, time: seconds(RunFigures(run).duration),
      started: run.startedAtUnixMicroseconds, margin: "\n"
    ) { xml in
      write(propertiesOf: run, calls, to: &xml)
      cases(&xml)
      write(notRun: run, calls, to: &xml)
    }
  }

  private static func write(propertiesOf run: RunSummary, _ calls: [Call], to xml: inout Markup) {
    var properties = [
      ("seed", String(run.seed)), ("mode", run.mode.rawValue), ("target", run.target ?? "the built-in agent"),
      ("repeats", String(run.repeats)), ("metricsVersion", String(CallMetrics.version)),
    ]
    for call in calls where call.verdict != .passed { properties.append(("replay \(call.name)", call.replay)) }
    xml.verbatim("\n")
    xml.element("properties") { xml in
      for (name, value) in properties { xml.empty("property", ["name": name, "value": value]) }
    }
  }

  static func write(_ result: CaseResult, named name: String, to xml: inout Markup) {
    xml.verbatim("\n")
    xml.element(
      "testcase",
      [
        "classname": className(of: result.testCase), "name": name,
        "time": seconds(result.metrics.duration),
      ]
    ) { xml in
      if result.verdict != .passed {
        let first = result.reasons.first
        xml.element(
          result.verdict == .failed ? "failure" : "error",
          [
            "type": first?.kind.rawValue ?? result.verdict.rawValue,
            "message": first.map(ReportText.finding) ?? result.verdict.rawValue,
          ], text: explanation(of: result))
      }
      xml.element("system-out", text: transcript(of: result))
    }
  }

  private static func write(notRun run: RunSummary, _ calls: [Call], to xml: inout Markup) {
    let classes = Dictionary(calls.map { ($0.id, $0.className) }, uniquingKeysWith: { first, _ in first })
    for id in run.notRun {
      xml.verbatim("\n")
      xml.element("testcase", ["classname": classes[id] ?? "voiceforge", "name": id, "time": "0.000"]) { xml in
        xml.empty("skipped", ["message": "the run was stopped before"])
      }
    }
  }

  /// Every reason with its place and moment, then the command.
  private static func explanation(of result: CaseResult) -> String {
    var lines = result.reasons.map { reason in
      let line = reason.line > 0 ? " (\(result.testCase.source.file):\(reason.line))" : ""
      return ReportText.finding(reason) + ReportText.place(reason) + line
    }
    lines.append("replay: \(result.replay)")
    return lines.joined(separator: "\n")
  }

  private static func transcript(of result: CaseResult) -> String {
    var lines = result.transcript.map { entry in
      let heard = entry.role == .caller || !entry.interrupted ? "" : " [heard: \(entry.playedText)]"
      let how = entry.role == .agent && result.evidence.isByEar ? " (by ear)" : ""
      return "\(ReportText.moment(entry.at)) \(entry.role.rawValue)\(how): \(entry.text)\(heard)"
    }
    lines += ReportText.judged(result)
    for (name, words) in [("skipped", ReportText.skipped(result)), ("conformance", ReportText.conformance(result))]
    where !words.isEmpty { lines.append("\(name): \(words)") }
    lines.append("replay: \(result.replay)")
    return lines.joined(separator: "\n")
  }

  /// The file without its extension, with dots for slashes, as servers take classes and packages apart at dots; the flow where
  /// there is no file.
  package static func className(of test: TestCase) -> String {
    guard !test.source.file.isEmpty else { return test.agent.flow }
    var steps = test.source.file.split(separator: "/").filter { $0 != "." && $0 != ".." }.map(String.init)
    if let name = steps.popLast() {
      let bare = name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
      steps.append(bare.isEmpty ? name : String(bare))
    }
    return steps.map { $0.replacing(".", with: "_") }.joined(separator: ".")
  }

  private static func seconds(_ span: CallDuration) -> String { ReportText.decimal(span.milliseconds, places: 3) }
}
