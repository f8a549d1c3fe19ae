import JSON
import Foundation
import Testing

@Suite("simulate --report")
struct SimulateReportTests {
  @Test("sox opens the sound of a call, as long as the report says; the labels lie within it")
  func sound() async throws {
    let folder = try Scratch()
    let ended = try await Command(["simulate", "hangs-up", "--report", "out"], folder: folder).end(within: .seconds(40))
    #expect(ended.status == 0, "\(ended)")
    #expect(ended.output.hasSuffix("\nReports: out/index.html, report.json, junit.xml\n"))
    let report = try JSONValue(parsing: try Scratch.bytes(of: folder.file("out/report.json")))
    let milliseconds = try #require(report.list("cases").first?["durationMs"]?.wholeNumber)

    let file = folder.file("out/calls/hangs-up.wav")
    let info = try await Command.shell(
      "soxi -c '\(file)' && soxi -r '\(file)' && soxi -b '\(file)' && soxi -D '\(file)'")
    let facts = info.output.split(separator: "\n").compactMap { Double($0) }
    #expect(info.status == 0 && facts.prefix(3) == [2, 16_000, 16], "\(info)")
    let seconds = try #require(facts.last)
    // The tracks go on to the end of the frame in which the call ends.
    #expect(abs(seconds * 1000 - Double(milliseconds)) <= 40, "\(seconds) s, \(milliseconds) ms")
    for channel in 1...2 {
      let statistics = try await Command.shell("sox '\(file)' -n remix \(channel) stat 2>&1")
      let peak = statistics.output.firstMatch(of: /Maximum amplitude: +([0-9.]+)/).flatMap { Double($0.1) } ?? 0
      #expect(statistics.status == 0 && (0.05...1).contains(peak), "\(statistics.output)")
    }
    try check(labels: folder.file("out/calls/hangs-up.txt"), seconds: seconds)
  }

  /// Each line: start, end and text, with tabs between; in the order of time, and none beyond the sound.
  private func check(labels path: String, seconds: Double) throws {
    let text = String(decoding: try Scratch.bytes(of: path), as: UTF8.self)
    #expect(text.hasSuffix("\n"))
    var latest = 0.0
    var names: Set<String> = []
    for line in text.dropLast().components(separatedBy: "\n") {
      let fields = line.components(separatedBy: "\t")
      try #require(fields.count == 3, "\(line)")
      let (start, end) = (try #require(Double(fields[0])), try #require(Double(fields[1])))
      #expect(latest <= start && start <= end && end <= seconds, "\(line) in \(seconds) s")
      latest = start
      names.insert(fields[2])
    }
    #expect(names.isSuperset(of: ["caller speech", "agent speech", "turn 1: I would like to book an appointment."]))
  }

  @Test("where a sound cannot be written, no further call is placed; what came of the others is shown, and why")
  func noRoomForSound() async throws {
    let folder = try Scratch()
    try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: true)
    _ = try folder.write("no folder", to: "out/calls")
    let ended = try await Command(
      ["simulate", "hangs-up", "--repeat", "40", "--jobs", "1", "--report", "out"], folder: folder
    ).end(within: .seconds(120))
    #expect(ended.output.contains("1 passed") && !ended.output.contains("2 passed"), "\(ended)")
    #expect(ended.status == 2 && ended.errors.contains("cannot make the folder out/calls ("), "\(ended)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out/report.json")))
  }

  @Test("text mode writes the reports without sound; what failed stands in each with its replay")
  func text() async throws {
    let folder = try Scratch()
    _ = try folder.write("flow: appointment\nturns:\n  - hang-up: true\nexpect: {outcome: booked}\n", to: "vain.yaml")
    let ended = try await Command(
      ["simulate", "vain.yaml", "--text", "--report", "a/b"], folder: folder
    ).end(within: .seconds(20))
    #expect(ended.status == 1)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("a/b")).sorted() == [
        "index.html", "junit.xml", "report.json",
      ])
    for name in ["report.json", "junit.xml", "index.html"] {
      let report = String(decoding: try Scratch.bytes(of: folder.file("a/b/\(name)")), as: UTF8.self)
      #expect(report.contains("voiceforge simulate vain.yaml --id vain --case-seed "), "\(name)")
      #expect(report.contains("outcome booked"), "\(name)")
    }
  }
}

@Suite("simulate --shard and merge")
struct MergeCommandTests {
  @Test(
    "three shards with sound are merged into the reports of the whole run, sounds included; merge gives the verdict")
  func merge() async throws {
    let folder = try Scratch()
    let cases = ["hangs-up", "telephone", "street", "cafe"]
    for number in 1...3 {
      let ended = try await Command(
        ["simulate"] + cases + ["--shard", "\(number)/3", "--report", "out/\(number)", "--exit-zero"], folder: folder
      ).end(within: .seconds(120))
      #expect(ended.status == 0, "\(ended)")
    }
    let merged = try await Command(["merge", "out/3", "out/1", "out/2", "--report", "all"], folder: folder)
      .end(within: .seconds(20))
    #expect(merged.status == 0, "\(merged)")
    #expect(merged.output.hasSuffix("\nReports: all/index.html, report.json, junit.xml\n"))
    let whole = try await Command(["simulate"] + cases + ["--report", "whole"], folder: folder).end(
      within: .seconds(240))
    #expect(whole.status == 0, "\(whole)")
    let sounds = try FileManager.default.contentsOfDirectory(atPath: folder.file("all/calls")).sorted()
    #expect(
      sounds == cases.flatMap { ["\($0).txt", "\($0).wav"] }.sorted())
    for name in sounds {
      #expect(
        try Scratch.bytes(of: folder.file("all/calls/\(name)"))
          == Scratch.bytes(of: folder.file("whole/calls/\(name)")), "\(name)")
    }
    #expect(try Self.timeless(folder.file("all/report.json")) == Self.timeless(folder.file("whole/report.json")))
  }

  /// A report without the times of its run.
  private static func timeless(_ path: String) throws -> String {
    String(decoding: try Scratch.bytes(of: path), as: UTF8.self)
      .replacing(/"startedAt":"[^"]*",/, with: "").replacing(/"wallMs":\d+,/, with: "")
  }

  @Test("a case that fails fails the merge, not the shard that was told so; what is missing is named")
  func verdict() async throws {
    let folder = try Scratch()
    _ = try folder.write("flow: appointment\nturns:\n  - hang-up: true\nexpect: {outcome: booked}\n", to: "vain.yaml")
    func shard(_ number: Int, _ options: [String]) async throws -> Int32 {
      try await Command(
        ["simulate", "vain.yaml", "--text", "--repeat", "2", "--shard", "\(number)/2", "--report", "out/\(number)"]
          + options,
        folder: folder
      ).end(within: .seconds(20)).status
    }
    #expect(try await shard(1, ["--exit-zero"]) == 0)
    #expect(try await shard(2, []) == 1)
    let merged = try await Command(["merge", "out/1", "out/2", "--json"], folder: folder).end(within: .seconds(20))
    #expect(merged.status == 1 && merged.output.contains("\"failed\":2"), "\(merged)")
    let missing = try await Command(["merge", "out/1"], folder: folder).end(within: .seconds(20))
    #expect(missing.status == 2 && missing.errors.contains("1 of 2 shards are missing (2/2): add their folders"))
    let nothing = try await Command(["merge", "out"], folder: folder).end(within: .seconds(20))
    #expect(
      nothing.status == 2 && nothing.errors.contains("name folders that voiceforge simulate --shard K/N --report wrote")
    )
  }

  @Test(
    "shards without a report, and words that are none, are refused",
    arguments: [
      (["--shard", "1/2"], "--shard is one part of a run: add --report"),
      (["--shard", "3/2", "--report", "out"], "--shard takes K/N, such as 2/5"),
    ])
  func wrong(options: [String], message: String) async throws {
    let ended = try await Command(["simulate", "hangs-up"] + options).end(within: .seconds(20))
    #expect(ended.status == 2 && ended.errors.contains(message), "\(ended)")
  }
}
