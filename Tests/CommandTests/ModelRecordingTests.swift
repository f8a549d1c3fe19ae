import Foundation
import JSON
import Testing
import Threads

@Suite("simulate --llm")
struct ModelRecordingTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").path()
  private static let sample = [
    "\(root)/Samples/llm/cases.yaml", "--flows", "\(root)/Samples/llm/flows", "--recordings",
    "\(root)/Samples/llm/recordings",
  ]

  private static let flow = """
    states:
      desk: {llm: Be brief., say-first: Hello., tools: {bye: {about: Ends, go: bye}}}
      bye: {end: }
    """

  private static func simulate(
    _ arguments: [String], _ environment: [String: String] = [:], in folder: Scratch
  ) async throws -> Command.Ended {
    try await Command(["simulate"] + arguments, environment: environment, folder: folder).end(within: .seconds(60))
  }

  /// The report without when it was made.
  private static func report(_ text: String) throws -> JSONValue {
    guard case .object(var members) = try JSONValue(parsing: text) else { return .null }
    members["startedAt"] = nil
    members["wallMs"] = nil
    return .object(members)
  }

  @Test("the sample agent books from its recording, spoken, the same twice and on two numbers of jobs; nobody is asked")
  func replay() async throws {
    let scratch = try Scratch()
    // A model that is set up and cannot be reached.
    let environment = ["ENABLE_LLM": "true", "OPENAI_BASE_URL": "http://127.0.0.1:9", "OPENAI_MODEL": "none"]
    var reports: [JSONValue] = []
    for jobs in ["1", "1", "3"] {
      let ended = try await Self.simulate(
        Self.sample + ["--llm", "replay", "--json", "--jobs", jobs], environment, in: scratch)
      #expect(ended.status == 0, "\(ended)")
      reports.append(try Self.report(ended.output))
    }
    #expect(reports[0] == reports[1] && reports[0] == reports[2])
    #expect(reports[0].text(at: "cases.0.id") == "llm-book")
  }

  @Test(
    "ten callers with a goal are played from their recordings, the same twice and on two numbers of jobs; nobody is asked"
  )
  func goals() async throws {
    let scratch = try Scratch()
    let arguments = [
      "\(Self.root)/Samples/llm/callers.yaml", "--llm", "replay", "--recordings", "\(Self.root)/Samples/llm/recordings",
      "--json",
    ]
    var reports: [JSONValue] = []
    for jobs in ["1", "1", "3"] {
      let ended = try await Self.simulate(arguments + ["--jobs", jobs], in: scratch)
      #expect(ended.status == 0, "\(ended)")
      reports.append(try Self.report(ended.output))
    }
    #expect(reports[0] == reports[1] && reports[0] == reports[2])
    #expect(reports[0].text(at: "counts.passed") == "10" && reports[0].text(at: "improvised.spoiled") == "0")
    let goals = (0..<10).compactMap { reports[0].text(at: "cases.\($0).improvised.goal") }
    #expect(goals.count { $0 == "reached" } == 8 && goals.contains("impossible") && goals.contains("open"), "\(goals)")
  }

  @Test("callers are invented for a flow, kept as test cases, and replayed with their recordings")
  func explore() async throws {
    let scratch = try Scratch()
    let double = SpeechDouble { request, line in
      line.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
      let question = String(decoding: request.body, as: UTF8.self)
      let answer =
        if question.contains("You invent people") {
          question.contains("Invent caller 2") && !question.contains("could not be used")
            ? #"{"title": "No goal"}"#
            : #"{"title": "Hours", "goal": "To know when you open.", "facts": [{"id": "name", "value": "Ada"}], "never": []}"#
        } else if question.contains("from eight") {
          #"{"say": "Thank you, now I know.", "facts_used": [], "goal_state": "reached", "hang_up": true}"#
        } else {
          #"{"say": "When are you open?", "facts_used": [], "goal_state": "open", "hang_up": false}"#
        }
      var writer = JSONWriter()
      writer.object { writer in
        writer.field("model", "double")
        writer.objects("choices", [answer]) { writer, answer in
          writer.field("index", 0)
          writer.object("delta") { $0.field("content", answer) }
        }
      }
      line.write("data: \(String(decoding: writer.bytes, as: UTF8.self))\n\ndata: [DONE]\n\n")
    }
    let model = ["ENABLE_LLM": "true", "OPENAI_BASE_URL": double.url + "/v1", "OPENAI_MODEL": "m"]
    let arguments = ["--text", "--recordings", "kept"]
    let invented = try await Self.simulate(["--explore", "2", "--llm", "record"] + arguments, model, in: scratch)
    #expect(invented.status == 0 && invented.errors.contains("2 callers: explored.yaml"), "\(invented)")
    let asked = double.requests.count
    let replayed = try await Self.simulate(["explored.yaml", "--llm", "replay"] + arguments, in: scratch)
    #expect(replayed.status == 0 && replayed.output.contains("2 passed"), "\(replayed)")
    #expect(double.requests.count == asked)
    let twice = try await Self.simulate(["--explore", "2", "--llm", "replay"] + arguments, in: scratch)
    #expect(twice.status == 2 && twice.errors.contains("explored.yaml is there already"), "\(twice)")
  }

  @Test("a caller with a goal needs a model")
  func goalWithoutModel() async throws {
    let ended = try await Self.simulate(["\(Self.root)/Samples/llm/callers.yaml"], in: try Scratch())
    #expect(ended.status == 2 && ended.errors.contains("has a goal") && ended.errors.contains("add --llm"), "\(ended)")
  }

  @Test("what a model says is recorded, and replayed without it; a question that changed names what differs")
  func record() async throws {
    let scratch = try Scratch()
    let double = SpeechDouble { _, line in
      line.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
      let delta = #"{"model":"double","choices":[{"index":0,"delta":{"content":"We are open all day. Goodbye."}}]}"#
      line.write("data: \(delta)\n\ndata: [DONE]\n\n")
    }
    try FileManager.default.createDirectory(atPath: scratch.file("flows"), withIntermediateDirectories: true)
    _ = try scratch.write(Self.flow, to: "flows/desk.yaml")
    _ = try scratch.write(
      "flow: desk\nid: open\nturns:\n  - say: Are you open?\n    expect: {keywords: [open all day]}\n  - hang-up: true\n",
      to: "case.yaml")
    let key = "planted-0123456789abcdef"
    let model = [
      "ENABLE_LLM": "true", "OPENAI_BASE_URL": double.url + "/v1", "OPENAI_MODEL": "m", "OPENAI_API_KEY": key,
    ]
    let arguments = ["case.yaml", "--flows", "flows", "--text", "--recordings", "kept"]
    let recorded = try await Self.simulate(arguments + ["--llm", "record"], model, in: scratch)
    #expect(recorded.status == 0 && recorded.errors.contains("recorded 1 answer: kept/open.jsonl"), "\(recorded)")
    let kept = String(decoding: try Scratch.bytes(of: scratch.file("kept/open.jsonl")), as: UTF8.self)
    #expect(kept.contains("double") && !kept.contains(key))
    let replayed = try await Self.simulate(arguments + ["--llm", "replay"], in: scratch)
    #expect(replayed.status == 0, "\(replayed)")
    #expect(double.requests.count == 1)
    _ = try scratch.write(Self.flow.replacing("Be brief.", with: "Be brisk."), to: "flows/desk.yaml")
    let missed = try await Self.simulate(arguments + ["--llm", "replay"], in: scratch)
    #expect(missed.status == 3 && missed.output.contains("message 1 was system"), "\(missed)")
    #expect(missed.errors.contains("1 of 1 answers in kept/open.jsonl were not asked for"), "\(missed)")
  }

  @Test("with --mask no digit is recorded, and a replay says the numbers of the call again without anybody being asked")
  func mask() async throws {
    let scratch = try Scratch()
    let double = SpeechDouble { request, line in
      line.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
      let question = String(decoding: request.body, as: UTF8.self)
      let answer =
        question.contains("You check one statement")
        ? #"{\"answer\":\"yes\",\"quote\":\"Order 90210 for 555-0147\",\"why\":\"It says 90210.\"}"#
        : "Order 90210 for 555-0147 leaves in 48 hours. Goodbye."
      line.write(#"data: {"model":"double","choices":[{"index":0,"delta":{"content":"\#(answer)"}}]}"# + "\n\n")
      line.write("data: [DONE]\n\n")
    }
    try FileManager.default.createDirectory(atPath: scratch.file("flows"), withIntermediateDirectories: true)
    let flow =
      "states:\n  desk: {llm: Look orders up., say-first: Hello., tools: {bye: {about: Ends, go: bye}}}\n  bye: {end: }\n"
    _ = try scratch.write(flow, to: "flows/desk.yaml")
    let testCase = """
      flow: desk
      id: order
      turns:
        - say: Where is order 90210? My number is 555-0147.
          expect: {keywords: ["90210", "555-0147"]}
        - hang-up: true
      expect: {judged: names the order}
      """
    _ = try scratch.write(testCase, to: "case.yaml")
    let model = ["ENABLE_LLM": "true", "OPENAI_BASE_URL": double.url + "/v1", "OPENAI_MODEL": "m"]
    let arguments = ["case.yaml", "--flows", "flows", "--text", "--recordings", "kept", "--json"]
    let recorded = try await Self.simulate(arguments + ["--llm", "record", "--mask"], model, in: scratch)
    #expect(recorded.status == 0, "\(recorded)")
    #expect(double.requests.allSatisfy { String(decoding: $0.body, as: UTF8.self).contains("90210") }, "asked as it is")
    let kept = String(decoding: try Scratch.bytes(of: scratch.file("kept/order.jsonl")), as: UTF8.self)
    #expect(kept.hasPrefix(#"{"format":"voiceforge-model-recording/1","case":"order","masked":true}"#))
    for planted in ["90210", "555", "0147", "48"] { #expect(!kept.contains(planted), "\(planted) in \(kept)") }
    let asked = double.requests.count
    let replayed = try await Self.simulate(arguments + ["--llm", "replay"], in: scratch)
    #expect(replayed.status == 0 && replayed.errors.isEmpty, "\(replayed)")
    #expect(double.requests.count == asked)
    let reply = try Self.report(replayed.output).text(at: "cases.0.turns.0.reply")
    #expect(
      reply == "Order 90210 for 555-0147 leaves in 11 hours. Goodbye.", "a number of the model's own stays masked")
    #expect(
      try Self.report(recorded.output).text(at: "cases.0.turns.0.reply") == reply, "as in the call that is recorded")
    _ = try scratch.write(testCase.replacing("Where is", with: "Where's"), to: "case.yaml")
    let missed = try await Self.simulate(Array(arguments.dropLast()) + ["--llm", "replay"], in: scratch)
    #expect(missed.status == 3 && missed.output.contains("order 11111"), "\(missed)")
  }

  @Test(
    "an answer that was begun in a pause of a turn which went on is asked, and neither recorded, nor missed, nor stale")
  func early() async throws {
    let scratch = try Scratch()
    let double = SpeechDouble { request, line in
      line.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
      let isWhole = String(decoding: request.body, as: UTF8.self).contains("on Sunday")
      let answer = isWhole ? "We are closed on Sunday. Goodbye." : "Half a turn. It went on."
      line.write("data: {\"model\":\"double\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(answer)\"}}]}\n\n")
      line.write("data: [DONE]\n\n")
    }
    try FileManager.default.createDirectory(atPath: scratch.file("flows"), withIntermediateDirectories: true)
    _ = try scratch.write(Self.flow, to: "flows/desk.yaml")
    _ = try scratch.write(
      """
      flow: desk
      id: pause
      turns:
        - say: "Are you open [pause 350ms] on Sunday?"
          expect: {keywords: [closed on Sunday]}
        - hang-up: true
      """, to: "case.yaml")
    let model = ["ENABLE_LLM": "true", "OPENAI_BASE_URL": double.url + "/v1", "OPENAI_MODEL": "m"]
    let arguments = ["case.yaml", "--flows", "flows", "--text", "--recordings", "kept", "--json"]
    let recorded = try await Self.simulate(arguments + ["--llm", "record"], model, in: scratch)
    #expect(recorded.status == 0 && recorded.errors.contains("recorded 1 answer: kept/pause.jsonl"), "\(recorded)")
    #expect(double.requests.count == 2, "one of half the turn, one of the whole")
    let kept = String(decoding: try Scratch.bytes(of: scratch.file("kept/pause.jsonl")), as: UTF8.self)
    #expect(kept.contains("closed on Sunday") && !kept.contains("Half a turn"), "\(kept)")
    let replayed = try await Self.simulate(arguments + ["--llm", "replay"], in: scratch)
    #expect(replayed.status == 0 && !replayed.errors.contains("kept/pause.jsonl"), "\(replayed)")
    let same = recorded.output.replacing("--llm record", with: "--llm replay")
    #expect(try Self.report(replayed.output) == Self.report(same))
  }

  @Test("an early question that failed is asked again when the turn is over, and that answer is heard and recorded")
  func earlyFault() async throws {
    let scratch = try Scratch()
    let count = Locked(0)
    let double = SpeechDouble { _, line in
      let isFirst = count.withLock { count in
        count += 1
        return count == 1
      }
      guard !isFirst else {
        line.write("HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        return
      }
      line.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
      let delta = #"{"model":"double","choices":[{"index":0,"delta":{"content":"We are open all day. Goodbye."}}]}"#
      line.write("data: \(delta)\n\ndata: [DONE]\n\n")
    }
    try FileManager.default.createDirectory(atPath: scratch.file("flows"), withIntermediateDirectories: true)
    // The early answer has time to fail before the turn is over, however busy the machine is.
    _ = try scratch.write("end-of-turn-silence: 5s\n" + Self.flow, to: "flows/desk.yaml")
    _ = try scratch.write(
      """
      flow: desk
      id: again
      turns:
        - say: Are you open?
          expect: {keywords: [open all day]}
        - hang-up: true
      """, to: "case.yaml")
    let model = ["ENABLE_LLM": "true", "OPENAI_BASE_URL": double.url + "/v1", "OPENAI_MODEL": "m"]
    let arguments = ["case.yaml", "--flows", "flows", "--text", "--recordings", "kept"]
    let recorded = try await Self.simulate(arguments + ["--llm", "record"], model, in: scratch)
    #expect(recorded.status == 0 && recorded.errors.contains("recorded 1 answer: kept/again.jsonl"), "\(recorded)")
    #expect(double.requests.count == 2, "one early, one when the turn is over")
    let kept = String(decoding: try Scratch.bytes(of: scratch.file("kept/again.jsonl")), as: UTF8.self)
    #expect(kept.contains("open all day") && !kept.contains("fault"), "\(kept)")
    let replayed = try await Self.simulate(arguments + ["--llm", "replay"], in: scratch)
    #expect(replayed.status == 0, "\(replayed)")
    #expect(double.requests.count == 2)
  }

  @Test(
    "wrong usage says what to do",
    arguments: [
      (["--id", "llm-book", "--llm", "live", "--live"], "--llm is for virtual time"),
      (["--llm", "record"], "set ENABLE_LLM=true, OPENAI_MODEL"),
      (["--llm", "guess"], "--llm"), (["--llm", "replay", "--mask"], "--mask is for --llm record"),
      (["--id", "llm-book", "--llm", "live", "--mask"], "--mask is for --llm record"),
    ] as [([String], String)])
  func wrongUsage(arguments: [String], message: String) async throws {
    let ended = try await Self.simulate(Self.sample + arguments, in: try Scratch())
    #expect(ended.status == 2 && ended.errors.contains(message), "\(ended)")
  }

  @Test("that a model cannot be reached is recorded, and not where it is")
  func unreachable() async throws {
    let scratch = try Scratch()
    let place = "127.0.0.1:\(HeldPort.free())"
    let model = ["ENABLE_LLM": "true", "OPENAI_BASE_URL": "http://\(place)/v1", "OPENAI_MODEL": "m"]
    let arguments = Array(Self.sample.prefix(3)) + ["--id", "llm-person", "--text", "--recordings", "kept"]
    _ = try await Self.simulate(arguments + ["--llm", "record"], model, in: scratch)
    let kept = String(decoding: try Scratch.bytes(of: scratch.file("kept/llm-person.jsonl")), as: UTF8.self)
    #expect(kept.contains(#""kind":"unreachable""#) && !kept.contains(place), "\(kept)")
  }

  @Test("a damaged recording is told by its line; without one the call is invalid and says how to record")
  func damaged() async throws {
    let scratch = try Scratch()
    let cases = Array(Self.sample.prefix(3)) + ["--id", "llm-person", "--text", "--llm", "replay"]
    try FileManager.default.createDirectory(atPath: scratch.file("kept"), withIntermediateDirectories: true)
    let missing = try await Self.simulate(cases + ["--recordings", "kept"], in: scratch)
    #expect(missing.status == 3 && missing.output.contains("record it with --llm record"), "\(missing)")
    _ = try scratch.write("{}\n", to: "kept/llm-person.jsonl")
    let damaged = try await Self.simulate(cases + ["--recordings", "kept"], in: scratch)
    #expect(damaged.status == 2 && damaged.errors.contains("kept/llm-person.jsonl: line 1: "), "\(damaged)")
  }
}
