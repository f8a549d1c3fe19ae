import JSON
import Foundation
import Testing

@Suite("simulate")
struct SimulateCommandTests {
  /// Runs in `folder`.
  private static func simulate(_ arguments: [String], in folder: Scratch) async throws -> Command.Ended {
    try await Command(["simulate"] + arguments, folder: folder).end(within: .seconds(40))
  }

  /// Asks for the hours; the state that is expected is never entered.
  private static let failing = """
    flow: appointment
    turns:
      - say: What are your opening hours?
        expect: {state: day}
      - hang-up: true
    """

  @Test(
    "wrong usage ends with 2 and says what to do",
    arguments: [
      (["--text", "--live"], "choose one of --virtual, --text, --live and --target"),
      (["--repeat", "0"], "--repeat takes 1 to 10000"),
      (["--jobs", "0"], "--jobs takes 1 to 1000"),
      (["--today", "soon"], "--today takes a day such as 2026-03-02"),
      (["--seed", "x"], "The value 'x' is invalid for '--seed <number>'"),
      (["--repport", "out"], "Unknown option '--repport'. Did you mean '--report'?"),
      (["--repeat", "10000", "--text"], "calls are more than 100000: lower --repeat"),
      (["--target", "ftp://x"], "--target: expected an address such as ws://127.0.0.1:8080/v1/call"),
      (["none.yaml"], "there is no file or folder none.yaml; name files, folders, globs, or ids of sample cases"),
      (["nowhere/"], "there is no file or folder nowhere/; name files"),
      (["*.yaml"], "no file matches *.yaml; correct the pattern"),
      (["."], "there is no file of test cases in .: they end in .yaml, .yml, .json"),
      (
        ["no-such-case"],
        "no-such-case is neither a file or folder nor the id of a sample case; there are book/tomorrow"
      ),
      (["--id", "no-such-case"], "there is no case no-such-case; there are book/tomorrow"),
      (
        ["--filter", "smoke", "--filter", "zzz"], "no case matches --filter smoke --filter zzz; leave it out to run all"
      ),
      (["--flows", "nowhere"], "cannot read the folder of flows nowhere"),
      (["--report", "/proc/none"], "cannot make the folder /proc/none (No such file or directory); name another one"),
      (["--report", "output"], "cannot make the folder output ("),
    ] as [([String], String)])
  func wrongUsage(arguments: [String], message: String) async throws {
    let ended = try await Self.simulate(arguments, in: try Scratch())
    #expect(ended.status == 2, "\(ended)")
    #expect(ended.errors.hasPrefix("voiceforge: ") && ended.errors.contains(message), "\(ended.errors)")
    #expect(ended.output.isEmpty)
  }

  @Test(
    "a faulty file is named with line and remedy, and no call is placed",
    arguments: [
      ("flow: appointment\nturns:\n  - say: \"open\n", "case.yaml:3:10: not YAML", "look for a missing quote"),
      ("flow: appointment\nturns:\n  - sey: Hello.\n", "case.yaml:3:5: `sey` means nothing", "did you mean `say`?"),
      (
        "flow: appointment\nturns:\n  - say: Hello.\n    expect: {keywords: [day]}\n    never: {keywords: [day]}\n",
        "case.yaml:4:14: the keyword `day` is expected, and `day` must not be heard", "remove one"
      ),
      (
        "flow: appointment\nturns:\n  - play: none.wav\n", "case.yaml:3:11: there is no recording none.wav",
        "paths begin at the folder of the file"
      ),
      ("", "case.yaml:1:1: the file is empty", "a case needs at least `flow` and `turns`"),
    ])
  func faultyFile(text: String, place: String, remedy: String) async throws {
    let folder = try Scratch()
    _ = try folder.write(text, to: "case.yaml")
    let target = ScriptedTarget { $0.waitForEnd() }
    for goal in [["--target", target.url], ["--text"]] {
      let ended = try await Self.simulate(["case.yaml", "--report", "out"] + goal, in: folder)
      #expect(ended.status == 2, "\(ended)")
      #expect(ended.errors.contains(place) && ended.errors.contains(remedy), "\(ended.errors)")
      #expect(ended.output.isEmpty)
    }
    #expect(target.count == 0)
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  @Test("a pipe in a folder is left out, where nobody would ever write; one that is named is read")
  func pipes() async throws {
    let folder = try Scratch()
    for name in ["cases", "flows"] { #expect(mkdir(folder.file(name), 0o700) == 0) }
    _ = try folder.write("flow: appointment\nturns:\n  - {say: Hello.}\n", to: "cases/case.yaml")
    #expect(mkfifo(folder.file("cases/pipe.yaml"), 0o600) == 0)
    for paths in [["cases"], ["cases/*.yaml"]] {
      let ended = try await Self.simulate(paths + ["--text"], in: folder)
      #expect(ended.status == 0 && ended.output.contains("1 passed"), "\(ended)")
    }
    let written = folder.file("cases/case.yaml")
    let named = try await Command.shell("cat \(written) | \(VoiceForgeBinary.url.path) simulate /dev/stdin --text")
    #expect(named.status == 0, "\(named)")
    // What cannot be read is said; it is not left out.
    #expect(
      symlink("nowhere", folder.file("flows/gone.yaml")) == 0 && symlink("nowhere", folder.file("cases/gone.yaml")) == 0
    )
    let lost = try await Self.simulate(["cases", "--text"], in: folder)
    #expect(lost.status == 2 && lost.errors.contains("cases/gone.yaml"), "\(lost)")
    _ = try folder.write("", to: "flows/appointment.yaml")
    #expect(mkfifo(folder.file("flows/pipe.yaml"), 0o600) == 0)
    let checked = try await Command(["flow", "check", "flows"], folder: folder).end(within: .seconds(20))
    #expect(checked.status == 2 && (checked.output + checked.errors).contains("flows/gone.yaml"), "\(checked)")
  }

  @Test("0 when all passed, in text and with sound, and 1 for a failure; --json prints one document and nothing else")
  func exitCodes() async throws {
    let folder = try Scratch()
    _ = try folder.write(Self.failing, to: "failing.yaml")
    _ = try folder.write(
      "flow: appointment\nagent: {fault: silent}\nturns:\n  - {say: Hello., at: 100ms}\nmust-fail: yield\n",
      to: "other-fault.yaml")
    for (arguments, status, verdict) in [
      (["opening-hours", "--text"], 0, "passed"), (["hangs-up", "--virtual"], 0, "passed"),
      (["silent", "--text"], 0, "passed"), (["failing.yaml", "--text"], 1, "failed"),
      (["other-fault.yaml", "--text"], 1, "failed"),
    ] as [([String], Int32, String)] {
      let ended = try await Self.simulate(arguments + ["--json"], in: folder)
      #expect(ended.status == status, "\(arguments): \(ended)")
      // The parser takes one document and nothing behind it.
      let document = try JSONValue(parsing: ended.output)
      #expect(document["counts"]?[verdict]?.wholeNumber == 1, "\(arguments): \(ended.output)")
      #expect(document.list("cases").map { $0.text(at: "verdict") } == [verdict])
      #expect(ended.output.split(separator: "\n").count == 1 && ended.errors.isEmpty)
    }
  }

  @Test("a caller without a voice makes the case invalid: 3; without engines there is no run, but a remedy: 1")
  func invalid() async throws {
    let folder = try Scratch()
    _ = try folder.write("flow: appointment\ncaller: {voice: nobody}\nturns: [Hello.]\n", to: "mute.yaml")
    let mute = try await Self.simulate(["mute.yaml"], in: folder)
    #expect(mute.status == 3, "\(mute)")
    #expect(mute.output.contains("! mute") && mute.output.contains("the caller's own engine failed"))
    let bare = try await Command(
      ["simulate", "opening-hours"], environment: ["VOICEFORGE_ENGINES": folder.path], folder: folder
    ).end(within: .seconds(20))
    #expect(bare.status == 1 && bare.output.isEmpty)
    #expect(bare.errors.contains("speech engines are missing") && bare.errors.contains("`make setup` installs them"))
  }

  @Test("the terminal's table has a row for each call, and each failure its reason, moment and replay")
  func table() async throws {
    let folder = try Scratch()
    _ = try folder.write(Self.failing, to: "failing.yaml")
    let ended = try await Self.simulate(["failing.yaml", "--text"], in: folder)
    for line in [
      "✗  failing  2/2 ", "\n✗ failing\n  turn 1, state: expected: state day; found: hours, menu at 0:",
      "\n  again: voiceforge simulate failing.yaml --id failing --case-seed ", "\n0 passed, 1 failed · 1 call of ",
    ] {
      #expect(ended.output.contains(line), "\(line) in \(ended.output)")
    }
    #expect(!ended.output.contains("\u{1B}") && !ended.output.contains("\r"), "a pipe gets plain lines")
  }

  @Test("--fail-fast begins nothing after the first failure, and says what was not run")
  func failFast() async throws {
    let folder = try Scratch()
    _ = try folder.write(Self.failing, to: "a.yaml")
    _ = try folder.write(Self.failing, to: "b.yaml")
    let arguments = ["a.yaml", "b.yaml", "--text", "--jobs", "1", "--json"]
    let whole = try JSONValue(parsing: try await Self.simulate(arguments, in: folder).output)
    #expect(whole["counts"]?["failed"]?.wholeNumber == 2 && whole["counts"]?["notRun"]?.wholeNumber == 0)
    let ended = try await Self.simulate(arguments + ["--fail-fast"], in: folder)
    #expect(ended.status == 1)
    let document = try JSONValue(parsing: ended.output)
    #expect(document.list("cases").map { $0.text(at: "id") } == ["a"])
    #expect(document.list("notRun") == [.string("b")])
  }

  @Test("--repeat gives each attempt its own luck and counts pass@k; --jobs changes nothing")
  func repeats() async throws {
    let folder = try Scratch()
    let arguments = ["disfluent", "opening-hours", "--text", "--repeat", "5", "--seed", "3", "--json", "--jobs"]
    _ = try folder.write(
      "flow: appointment\ndisfluency: {fillers: 50}\nturns:\n  - I would like to book an appointment.\n  - hang-up: true\n",
      to: "fillers.yaml")
    var runs: [JSONValue] = []
    for jobs in ["1", "4"] {
      let ended = try await Self.simulate(["fillers.yaml"] + arguments + [jobs], in: folder)
      #expect(ended.status == 0, "\(ended)")
      runs.append(try JSONValue(parsing: ended.output))
    }
    #expect(runs[0]["cases"] == runs[1]["cases"])
    #expect(runs[0].list("cases").map { $0["attempt"]?.wholeNumber } == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    #expect(
      runs[0]["repeated"]?["passedOnce"]?.wholeNumber == 3 && runs[0]["repeated"]?["passedAlways"]?.wholeNumber == 3)
    let spoken = runs[0].list("cases").prefix(5).map { $0.list("turns").first?.text(at: "spoken") }
    #expect(Set(spoken).count > 1, "\(spoken)")
  }

  @Test("a case that is named twice runs once")
  func twice() async throws {
    let folder = try Scratch()
    _ = try folder.write("flow: appointment\nturns:\n  - hang-up: true\n", to: "end.yaml")
    let names = ["end.yaml", "*.yaml", "opening-hours", "opening-hours", "--text", "--json"]
    let document = try JSONValue(parsing: try await Self.simulate(names, in: folder).output)
    #expect(document.list("cases").map { $0.text(at: "id") } == ["end", "opening-hours"])
  }

  @Test("the replay of a failure is a command that gives the same call again", arguments: ["--text", "--virtual"])
  func replay(mode: String) async throws {
    let folder = try Scratch()
    _ = try folder.write(
      """
      id: it
      flow: appointment
      caller: {rate: 90}
      disfluency: {fillers: 40, repetitions: 30, pauses: 30}
      turns:
        - say: I would like to book an appointment.
        - say: On Wednesday.
          expect: {slots: {day: 2026-03-03}}
        - hang-up: true
      """, to: "it's a case.yaml")
    let first = try await Self.simulate(
      ["it's a case.yaml", mode, "--seed", "5", "--today", "2026-03-09", "--json"], in: folder)
    #expect(first.status == 1, "\(first)")
    let written = try #require(try JSONValue(parsing: first.output).list("cases").first)
    let line = try #require(written.text(at: "replay"))
    let path = "\(VoiceForgeBinary.url.deletingLastPathComponent().path()):/usr/bin:/bin"
    let again = try await Command(
      ["-c", "\(line) --json"], environment: ["PATH": path], program: URL(filePath: "/bin/sh"), folder: folder
    ).end(within: .seconds(30))
    #expect(again.status == 1, "\(line): \(again)")
    #expect(try JSONValue(parsing: again.output).list("cases") == [written])
  }
}
