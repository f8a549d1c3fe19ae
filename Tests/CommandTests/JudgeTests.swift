import Foundation
import JSON
import Testing

@Suite("judge, and simulate with judged cases")
struct JudgeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").path()
  private static let kept = "\(root)/Samples/llm/calibration/front-desk.yaml"
  private static let recordings = ["--llm", "replay", "--recordings", "\(root)/Samples/llm/recordings"]
  private static let sample = [
    "simulate", "\(root)/Samples/llm/cases.yaml", "--flows", "\(root)/Samples/llm/flows", "--id", "llm-judged",
  ]

  private static func run(
    _ arguments: [String], _ environment: [String: String] = [:], in folder: Scratch
  ) async throws -> Command.Ended {
    try await Command(arguments, environment: environment, folder: folder).end(within: .seconds(60))
  }

  /// Two kept calls; a judge that says no to both, with words of the agent, misjudges the first.
  private static let two = """
    calls:
      - {id: offers, judged: offers another day, must: yes, lines: [{agent: Tuesday is full. Would Wednesday do?}]}
      - {id: refuses, judged: offers another day, must: no, lines: [{agent: Tuesday is full.}]}
    """

  /// A model that always says the same.
  private static func model(_ answer: String, _ quote: String) -> (double: SpeechDouble, environment: [String: String])
  {
    let double = SpeechDouble { _, line in
      line.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
      let content = #"{\"answer\":\"\#(answer)\",\"quote\":\"\#(quote)\",\"why\":\"\"}"#
      line.write(#"data: {"model":"double","choices":[{"index":0,"delta":{"content":"\#(content)"}}]}"# + "\n\n")
      line.write("data: [DONE]\n\n")
    }
    let environment = ["ENABLE_LLM": "true", "OPENAI_BASE_URL": double.url + "/v1", "OPENAI_MODEL": "m"]
    return (double, environment)
  }

  @Test(
    "the kept calls of the samples are judged from their recording without an error, the same twice; nobody is asked")
  func sampleSet() async throws {
    let scratch = try Scratch()
    let environment = ["ENABLE_LLM": "true", "OPENAI_BASE_URL": "http://127.0.0.1:9", "OPENAI_MODEL": "none"]
    let table = try await Self.run(["judge", Self.kept] + Self.recordings, environment, in: scratch)
    #expect(table.status == 0, "\(table)")
    #expect(table.output.contains("front-desk-judge: 10 of 10 calls judged right"))
    #expect(table.errors.isEmpty, "\(table)")
    var reports: [String] = []
    for _ in 1...2 {
      reports.append(
        try await Self.run(["judge", Self.kept, "--json"] + Self.recordings, environment, in: scratch).output)
    }
    #expect(reports[0] == reports[1])
    let report = try JSONValue(parsing: reports[0])
    let calls = report.list("sets").first?.list("calls") ?? []
    #expect(calls.count == 10 && calls.count { $0.text(at: "must") == "yes" } == 5)
    #expect(calls.allSatisfy { $0.text(at: "must") == $0.text(at: "result") })
    #expect(calls.flatMap { $0.list("votes") }.allSatisfy { $0.text(at: "model") == "scripted" })
    #expect(calls.first { $0.text(at: "id") == "second-thoughts" }?.list("votes").count == 3)
  }

  @Test("a case of the samples is judged from its recording, the same on two numbers of jobs, after its kept calls")
  func sampleCase() async throws {
    let scratch = try Scratch()
    var reports: [JSONValue] = []
    for jobs in ["1", "3"] {
      let arguments = Self.sample + Self.recordings + ["--calibration", Self.kept, "--json", "--jobs", jobs]
      let ended = try await Self.run(arguments, in: scratch)
      #expect(ended.status == 0, "\(ended)")
      guard case .object(var members) = try JSONValue(parsing: ended.output) else { continue }
      (members["startedAt"], members["wallMs"]) = (nil, nil)
      reports.append(.object(members))
    }
    #expect(reports.count == 2 && reports[0] == reports[1])
    #expect(reports[0].text(at: "cases.0.judged.0.votes.0.quote")?.contains("closed") == true)
    #expect(reports[0].text(at: "cases.0.judged.2.never") == "true")
    #expect(reports[0].text(at: "calibration.counts.right") == "10")
  }

  @Test("a quote that is planted in a recording is refused")
  func plantedQuote() async throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.file("kept"), withIntermediateDirectories: true)
    let path = "\(Self.root)/Samples/llm/recordings/front-desk-judge.jsonl"
    let recorded = String(decoding: try Scratch.bytes(of: path), as: UTF8.self)
    // A piece of the answer about the call that stays polite.
    let planted = recorded.replacing(#""text":" sorry""#, with: #""text":" glad""#)
    #expect(planted != recorded)
    _ = try scratch.write(planted, to: "kept/front-desk-judge.jsonl")
    let ended = try await Self.run(["judge", Self.kept, "--llm", "replay", "--recordings", "kept"], in: scratch)
    #expect(ended.status == 3, "\(ended)")
    #expect(ended.output.contains("the agent never said what it quotes"), "\(ended)")
    #expect(ended.output.contains("9 of 10 calls judged right, 1 unjudged"), "\(ended)")
  }

  @Test("one that is misjudged ends with 1, one that is left open with 3; what the model says is recorded")
  func exitCodes() async throws {
    let scratch = try Scratch()
    _ = try scratch.write(Self.two, to: "kept.yaml")
    let wrong = Self.model("no", "Tuesday is full")
    let recorded = try await Self.run(["judge", "kept.yaml", "--llm", "record"], wrong.environment, in: scratch)
    #expect(recorded.status == 1, "\(recorded)")
    #expect(recorded.output.contains("kept: 1 of 2 calls judged right, 1 misjudged"), "\(recorded)")
    #expect(recorded.errors.contains("recorded 4 answers: recordings/kept.jsonl"), "\(recorded)")
    #expect(wrong.double.requests.count == 4)
    let replayed = try await Self.run(["judge", "kept.yaml", "--llm", "replay"], in: scratch)
    #expect(replayed.status == 1 && replayed.output == recorded.output, "\(replayed)")
    let open = Self.model("yes", "Wednesday is free")
    let unjudged = try await Self.run(["judge", "kept.yaml"], open.environment, in: scratch)
    #expect(unjudged.status == 3 && unjudged.output.contains("2 unjudged"), "\(unjudged)")
    _ = try scratch.write(Self.two.replacing("Tuesday", with: "Monday"), to: "kept.yaml")
    let missed = try await Self.run(["judge", "kept.yaml", "--llm", "replay"], in: scratch)
    #expect(missed.status == 3 && missed.output.contains("is not recorded: message 2 was user"), "\(missed)")
  }

  @Test("a judge that misjudges kept calls places no call, and the reports say so")
  func uncalibrated() async throws {
    let scratch = try Scratch()
    _ = try scratch.write(Self.two, to: "kept.yaml")
    let wrong = Self.model("no", "Tuesday is full")
    let arguments =
      Self.sample + ["--text", "--llm", "live", "--calibration", "kept.yaml", "--report", "out", "--json"]
    let ended = try await Self.run(arguments, wrong.environment, in: scratch)
    #expect(ended.status == 3 && ended.errors.contains("no call was placed"), "\(ended)")
    #expect(ended.errors.contains("1 of 2 calls judged right, 1 misjudged"), "\(ended)")
    #expect(wrong.double.requests.count == 4)
    let report = try JSONValue(parsing: ended.output)
    #expect(report.text(at: "notRun.0") == "llm-judged" && report.text(at: "calibration.counts.misjudged") == "1")
    #expect(FileManager.default.fileExists(atPath: scratch.file("out/junit.xml")))
  }

  @Test("a judge who leaves a case open makes it invalid, and one who finds against it twice makes it fail")
  func verdicts() async throws {
    let scratch = try Scratch()
    _ = try scratch.write(
      "flow: appointment\nid: open\nturns: [{hang-up: true}]\nexpect: {judged: sings}\n", to: "case.yaml")
    let open = Self.model("yes", "La la la")
    let invalid = try await Self.run(
      ["simulate", "case.yaml", "--text", "--llm", "live"], open.environment, in: scratch)
    #expect(
      invalid.status == 3 && invalid.output.contains("unjudged: the agent never said what it quotes"), "\(invalid)")
    let against = Self.model("no", "Hello")
    let failed = try await Self.run(
      ["simulate", "case.yaml", "--text", "--llm", "live"], against.environment, in: scratch)
    #expect(
      failed.status == 1 && failed.output.contains("expected: the agent sings; found: no, by “Hello”"), "\(failed)")
    #expect(against.double.requests.count == 2)
  }

  @Test("wrong usage says what to do")
  func wrongUsage() async throws {
    let scratch = try Scratch()
    _ = try scratch.write("id: llm-judged\n" + Self.two, to: "kept.yaml")
    _ = try scratch.write("calls: [{id: a}]\n", to: "bad.yaml")
    for (arguments, message) in [
      (Self.sample, "has `judged`, which a language model decides: add --llm"),
      (Self.sample + ["--live"], "has `judged`, which a language model decides: add --llm"),
      (Self.sample + ["--llm", "live"], "set ENABLE_LLM=true, OPENAI_MODEL"),
      (Self.sample + ["--llm", "replay", "--calibration", "none.yaml"], "cannot read none.yaml"),
      (Self.sample + ["--llm", "replay", "--calibration", "bad.yaml"], "bad.yaml:1:9: the call has no `judged`"),
      (Self.sample + ["--llm", "replay", "--calibration", "kept.yaml"], "kept.yaml has the id of case llm-judged"),
      (["simulate", "--text", "--calibration", "kept.yaml"], "--calibration is for cases with `judged`"),
      (["judge", "kept.yaml"], "set ENABLE_LLM=true, OPENAI_MODEL"),
      (["judge", "kept.yaml", "kept.yaml", "--llm", "replay"], "have the same id llm-judged"),
      (["judge", "--llm", "replay"], "Missing expected argument"),
      (["judge", "kept.yaml", "--mask"], "--mask is for --llm record"),
      (["simulate", "--text", "--mask"], "--mask is for --llm record"),
    ] {
      let ended = try await Self.run(arguments, in: scratch)
      #expect(ended.status == 2 && ended.errors.contains(message), "\(ended)")
    }
  }
}
