import CallCore
package import JSON

/// What a shard of a run leaves behind for ``MergedRun``: of each call its figures, and its part of each report as it is to stand there.
///
/// Written as `shard.json`, format 1: one JSON object.
package struct ShardReport: Sendable {
  /// Of the file; another one is refused.
  static let format = 1

  /// Which part of the run it is.
  package var shard: RunShard
  /// Calls of the whole run.
  package var callCount: Int
  /// The same for every shard of a run, and another one where cases, attempts or seeds differ.
  package var planDigest: String
  /// What was asked for and when; `calls` are those of `held`.
  package var summary: RunSummary
  /// In the order of their places.
  package var held: [HeldCall]
  /// Places and cases of the calls that were not held.
  package var notHeld: [(place: Int, id: String)]

  /// A call that was held.
  package struct HeldCall: Sendable {
    /// Among all calls of the run, from 0.
    package var place: Int
    package var summary: CallFigures
    /// For people: the id, and which attempt.
    package var name: String
    /// Of the JUnit report.
    package var className: String
    /// The command that repeats it.
    package var replay: String
    /// Cells of ``RunTable``, and what it says below.
    package var row: [String]
    package var reasons: [String]
    package var notes: [String]
    /// Its parts of `report.json`, `junit.xml` and `index.html`.
    package var json: String
    package var junit: String
    package var html: String
    /// Name of its sound file without extension; `nil` where none was kept.
    package var sound: String?
  }

  /// - Parameters:
  ///   - run: of `plan`, which has a shard.
  ///   - soundFolder: where sound files lie, as seen from the page.
  package init?(_ run: SimulationRun, of plan: RunPlan, soundFolder: String) {
    guard let shard = plan.shard else { return nil }
    self.shard = shard
    let all = plan.allJobs
    callCount = all.count
    var digest = SeededStream.seed(from: plan.seed, plan.mode.rawValue, plan.repeats)
    for job in all { digest = SeededStream.seed(from: digest &+ job.seed, job.testCase.id, job.attempt) }
    planDigest = String(digest, radix: 16)
    summary = run.summary
    held = run.results.map { result in
      HeldCall(result, named: result.name(in: run), soundFolder: soundFolder)
    }
    notHeld = zip(run.notRunPlaces, run.notRun).map { ($0, $1) }
  }

  /// UTF-8.
  package var bytes: [UInt8] {
    var writer = JSONWriter(reserving: 16_384 * (held.count + 1))
    writer.object { writer in
      writer.field("format", Self.format)
      writer.field("metricsVersion", CallMetrics.version)
      writer.field("shard", shard.number)
      writer.field("of", shard.count)
      writer.field("calls", callCount)
      writer.field("plan", planDigest)
      writer.field("seed", String(summary.seed))
      writer.field("mode", summary.mode.rawValue)
      writer.field("target", summary.target)
      writer.field("repeats", summary.repeats)
      writer.field("startedAtUs", summary.startedAtUnixMicroseconds)
      writer.field("wallUs", summary.wallMicroseconds)
      writer.objects("notHeld", notHeld) { writer, call in
        writer.field("place", call.place)
        writer.field("id", call.id)
      }
      writer.objects("held", held) { $1.write(to: &$0) }
    }
    return writer.bytes
  }

  /// - Parameter name: of the file, for faults.
  /// - Throws: `WireFault` that names the member, what was expected and what came.
  package init(reading bytes: [UInt8], named name: String) throws(WireFault) {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw WireFault(.malformedJSON, "\(name): no report of a shard: \(error)")
    }
    let fields = try JSONFields(value, place: name)
    _ = try fields.number("format", Self.format...Self.format)
    _ = try fields.number("metricsVersion", CallMetrics.version...CallMetrics.version)
    let count = try fields.number("of", 1...RunShard.countMax)
    guard let shard = RunShard(try fields.number("shard", 1...count), of: count) else {
      throw fields.missing("shard", "a shard")
    }
    self.shard = shard
    callCount = try fields.number("calls", 1...SimulationRunner.jobsMax)
    planDigest = try fields.text("plan", 1...16)
    let places = 0...(callCount - 1)
    held = try fields.list("held") { fields throws(WireFault) in try HeldCall(fields, places) }
    notHeld = try fields.list("notHeld") { fields throws(WireFault) in
      (try fields.number("place", places), try fields.text("id"))
    }
    summary = RunSummary(
      seed: try fields.unsigned("seed"), mode: try fields.choice("mode", of: RunMode.allCases),
      target: try fields.optionalText("target"), repeats: try fields.number("repeats", 1...10_000),
      startedAtUnixMicroseconds: Int64(try fields.number("startedAtUs", 0...Int.max)),
      wallMicroseconds: Int64(try fields.number("wallUs", 0...Int.max)), calls: held.map(\.summary),
      notRun: notHeld.map(\.id))
  }
}

extension ShardReport.HeldCall {
  fileprivate init(_ result: CaseResult, named name: String, soundFolder: String) {
    place = result.place
    summary = CallFigures(result)
    self.name = name
    className = JUnitReport.className(of: result.testCase)
    replay = result.replay
    row = RunTable.row(of: result, named: name)
    reasons = result.verdict == .passed ? [] : RunTable.failure(result, named: name).reasons
    notes = ReportText.notes(of: result, named: name)
    var writer = JSONWriter()
    writer.object { JSONReport.write(result, to: &$0) }
    json = String(decoding: writer.bytes, as: UTF8.self)
    var xml = Markup()
    JUnitReport.write(result, named: name, to: &xml)
    junit = xml.text
    var page = Markup()
    HTMLCase(result: result, name: name, number: place + 1, soundPlace: .inFile, soundFolder: soundFolder)
      .write(isOpen: false, to: &page)
    html = page.text
    sound = result.evidence.hasSound ? result.fileName : nil
  }

  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("place", place)
    writer.object("summary") { summary.write(to: &$0) }
    writer.field("name", name)
    writer.field("class", className)
    writer.field("replay", replay)
    writer.list("row", row)
    writer.list("reasons", reasons)
    writer.list("notes", notes)
    writer.field("json", json)
    writer.field("junit", junit)
    writer.field("html", html)
    writer.field("sound", sound)
  }

  fileprivate init(_ fields: JSONFields, _ places: ClosedRange<Int>) throws(WireFault) {
    place = try fields.number("place", places)
    summary = try CallFigures(fields.object("summary"))
    name = try fields.text("name")
    className = try fields.text("class")
    replay = try fields.text("replay")
    row = try fields.textList("row")
    reasons = try fields.textList("reasons")
    notes = try fields.textList("notes")
    json = try fields.text("json")
    do { _ = try JSONValue(parsing: json) } catch {
      throw WireFault(.malformedJSON, "\(fields.place).json: expected a JSON text: \(error)")
    }
    junit = try fields.text("junit")
    html = try fields.text("html")
    sound = try fields.optionalText("sound")
    guard row.count == RunTable.head.count else {
      throw WireFault(.outOfRange, "\(fields.place).row: expected \(RunTable.head.count) cells, got \(row.count)")
    }
    // It becomes part of a path.
    if let sound, sound.isEmpty || sound.contains("/") || sound.hasPrefix(".") {
      throw WireFault(.outOfRange, "\(fields.place).sound: expected the name of a file, got \(sound.quoted)")
    }
  }
}

extension CallFigures {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("attempt", attempt)
    writer.field("verdict", verdict.rawValue)
    writer.objects("varied", varied) { writer, value in
      writer.field("property", value.property.rawValue)
      writer.field("label", value.label)
    }
    writer.field("variationRows", variationRows)
    writer.list("latenciesUs", latencies) { $0.value(Int($1.microseconds)) }
    writer.objects("byEnding", latenciesByEnding.sorted { $0.key.rawValue < $1.key.rawValue }) { writer, spans in
      writer.field("ending", spans.key.rawValue)
      writer.list("latenciesUs", spans.value) { $0.value(Int($1.microseconds)) }
    }
    writer.list("yieldsUs", yields) { $0.value(Int($1.microseconds)) }
    JSONReport.write("wordErrors", wordErrors, to: &writer)
    writer.field("durationUs", duration.microseconds)
    writer.field("agentInterruptions", agentInterruptions)
    writer.field("spokenTurns", spokenTurns)
    writer.field("falseEnds", falseEnds)
    guard let improvised else { return }
    writer.object("improvised") { writer in
      writer.field("calls", improvised.all)
      writer.field("spoiled", improvised.spoiled)
    }
  }

  fileprivate init(_ fields: JSONFields) throws(WireFault) {
    self.init(id: try fields.text("id"), verdict: try fields.choice("verdict", of: Verdict.allCases))
    attempt = try fields.number("attempt", 1...10_000)
    varied = try fields.list("varied") { fields throws(WireFault) in
      VariedValue(
        property: try fields.choice("property", of: CaseVariation.Property.allCases), label: try fields.text("label"))
    }
    variationRows = try fields.optionalNumber("variationRows", 1...Int.max)
    latencies = try fields.spans("latenciesUs")
    for (ending, spans) in try fields.list(
      "byEnding",
      { fields throws(WireFault) in
        (try fields.choice("ending", of: TurnEnding.allCases), try fields.spans("latenciesUs"))
      })
    { latenciesByEnding[ending] = spans }
    yields = try fields.spans("yieldsUs")
    if fields["wordErrors"] != nil { wordErrors = try WordErrorRate(fields.object("wordErrors")) }
    duration = .microseconds(Int64(try fields.number("durationUs", ShardReport.span)))
    agentInterruptions = try fields.number("agentInterruptions", ShardReport.count)
    spokenTurns = try fields.number("spokenTurns", ShardReport.count)
    falseEnds = try fields.number("falseEnds", ShardReport.count)
    guard fields["improvised"] != nil else { return }
    let improvised = try fields.object("improvised")
    self.improvised = ImprovisedCalls(
      all: try improvised.number("calls", ShardReport.count),
      spoiled: try improvised.number("spoiled", ShardReport.count))
  }
}

extension ShardReport {
  /// What may be added up without harm: more than any call has, and a span of over ten days in microseconds.
  fileprivate static let (count, span) = (0...1_000_000, 0...1_000_000_000_000)
}

extension WordErrorRate {
  fileprivate init(_ fields: JSONFields) throws(WireFault) {
    self.init([])
    substitutions = try fields.number("substitutions", ShardReport.count)
    deletions = try fields.number("deletions", ShardReport.count)
    insertions = try fields.number("insertions", ShardReport.count)
    referenceWords = try fields.number("words", ShardReport.count)
  }
}

extension JSONFields {
  /// A whole number of 64 bits, as a text: many readers of JSON cannot hold them.
  package func unsigned(_ name: String) throws(WireFault) -> UInt64 {
    let text = try text(name)
    guard let number = UInt64(text) else {
      throw WireFault(.outOfRange, "\(place).\(name): expected a whole number as a text, got \(text.quoted)")
    }
    return number
  }

  /// Texts in their order.
  package func textList(_ name: String) throws(WireFault) -> [String] {
    guard case .array(let values) = self[name] else { throw missing(name, "a list of texts") }
    var texts: [String] = []
    for value in values {
      guard case .string(let text) = value else { throw wrongType(name, "a list of texts", value) }
      texts.append(text)
    }
    return texts
  }

  fileprivate func spans(_ name: String) throws(WireFault) -> [CallDuration] {
    guard case .array(let values) = self[name] else { throw missing(name, "a list of microseconds") }
    var spans: [CallDuration] = []
    for value in values {
      guard let number = value.wholeNumber, ShardReport.span.contains(Int(number)) else {
        throw wrongType(name, "a list of microseconds", value)
      }
      spans.append(.microseconds(number))
    }
    return spans
  }
}
