import Foundation
import JSON
import Testing

/// Flows and cases that ask for meaning, from the terminal.
@Suite("Meaning in the terminal")
struct MeaningCommandTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").path()
  private static let flow = "\(root)/Samples/meaning/flows/surgery.yaml"
  private static let cases = ["\(root)/Samples/meaning/cases.yaml", "--flows", "\(root)/Samples/meaning/flows"]

  private static func run(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> Command.Ended {
    try await Command(arguments, environment: environment, folder: Scratch()).end(within: .seconds(60))
  }

  private static func talk(_ lines: String, _ environment: [String: String] = [:]) async throws -> Command.Ended {
    let scratch = try Scratch()
    let input = try scratch.write(lines, to: "lines")
    return try await Command(
      ["flow", "run", Self.flow], environment: environment, input: input, folder: scratch
    ).end(within: .seconds(60))
  }

  @Test("the sample flow is sound, and its states are entered by meaning, with the score")
  func flowRun() async throws {
    let checked = try await Self.run(["flow", "check", Self.flow])
    #expect(checked.status == 0, "\(checked)")
    let ended = try await Self.talk("I think I was charged two times\n")
    #expect(ended.output.contains("→ billed (billing (by meaning, 0.7"), "\(ended)")
    #expect(ended.output.contains("completed: billed"), "\(ended)")
  }

  @Test("the sample cases pass as text and with sound, the same on one job and on three", arguments: [["--text"], []])
  func simulate(mode: [String]) async throws {
    var reports: [JSONValue] = []
    for jobs in ["1", "3"] {
      let ended = try await Self.run(["simulate"] + Self.cases + mode + ["--json", "--jobs", jobs])
      #expect(ended.status == 0, "\(ended)")
      guard case .object(var members) = try JSONValue(parsing: ended.output) else { continue }
      members["startedAt"] = nil
      members["wallMs"] = nil
      reports.append(.object(members))
    }
    #expect(reports.count == 2 && reports[0] == reports[1])
  }

  @Test(
    "without the model, a check is a fault with its line, a run is refused, and a conversation understands words alone")
  func notInstalled() async throws {
    let environment = ["VOICEFORGE_ENGINES": "/nonexistent/engines"]
    let checked = try await Self.run(["flow", "check", Self.flow], environment)
    #expect(checked.status == 2 && checked.output.contains("surgery.yaml:10:11: `like` needs the model"), "\(checked)")
    let refused = try await Self.run(["simulate"] + Self.cases + ["--text"], environment)
    #expect(refused.status == 2 && refused.errors.contains("is not installed: run `make setup`"), "\(refused)")
    let ended = try await Self.talk("I was charged two times\nthe invoice\n", environment)
    #expect(ended.errors.contains("cannot be understood by its meaning"), "\(ended)")
    #expect(ended.output.contains("→ billed (billing)"), "\(ended)")
  }
}
