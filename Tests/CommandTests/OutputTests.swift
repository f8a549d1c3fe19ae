import Foundation
import Testing

@Suite("What a command writes")
struct OutputTests {
  private static let flow = """
    states:
      ask: {collect: words, as: text, ask: What is it?, next: bye}
      bye: {end: heard, say: Goodbye.}
    """

  /// Every kind of command that prints.
  private static let printing = [
    "--help", "--version", "serve --help", "--generate-completion-script bash", "openapi", "voices", "voices --json",
    "flow check flow.yaml", "flow check --json flow.yaml", "flow graph flow.yaml", "flow run flow.yaml < /dev/null",
    "flow run --json flow.yaml < /dev/null", "say Hello. --voice espeak:en-us --output -",
    "simulate --text --json case.yaml", "simulate --text case.yaml", "doctor",
  ]

  @Test("output that a full disk does not take fails the command and is told", arguments: printing)
  func fullDevice(arguments: String) async throws {
    let ended = try await shell("$program \(arguments) > /dev/full")
    #expect(ended.status == 1, "\(ended)")
    let message = "voiceforge: cannot write to standard output: No space left on device; free some space there"
    #expect(ended.errors.contains(message), "\(ended.errors)")
  }

  @Test(
    "a closed output is told, and what is opened later is not written into",
    arguments: ["openapi", "flow graph flow.yaml"])
  func closed(arguments: String) async throws {
    let ended = try await shell("$program \(arguments) >&-")
    #expect(
      ended.status == 1 && ended.errors.contains("cannot write to standard output: Bad file descriptor"), "\(ended)")
  }

  @Test("a reader that goes away is no fault, and nothing is said about it", arguments: printing)
  func closedPipe(arguments: String) async throws {
    let ended = try await shell("{ $program \(arguments); echo $? >&2; } | head -c 1 > /dev/null")
    // Of doctor the status is how it stands with this machine.
    #expect(ended.errors.hasSuffix("0\n") || arguments == "doctor", "\(ended)")
    #expect(!ended.errors.contains("cannot write") && !ended.errors.contains("Broken pipe"), "\(ended)")
  }

  @Test("a file that does not fit leaves nothing behind, the command ends with 1 and says what to do")
  func limitOfFiles() async throws {
    for (arguments, file) in [
      ("say 'Hello, this is a long sentence.' --voice espeak:en-us --output out.wav", "out.wav"),
      ("flow graph flow.yaml --output out.svg", "out.svg"), ("simulate --text case.yaml --report out", "index.html"),
    ] {
      let ended = try await shell("(ulimit -f 1; $program \(arguments) > /dev/null); s=$?; ls -A . out; exit $s")
      #expect(ended.status == 1, "\(ended)")
      #expect(ended.errors.contains("cannot write out") && ended.errors.contains("raise the limit"), "\(ended.errors)")
      let left = Set(ended.output.split(separator: "\n").map(String.init))
      #expect(!left.contains(file) && !left.contains { $0.hasPrefix(".voiceforge-") }, "\(ended.output)")
    }
  }

  @Test(
    "what was there before stays when the new file does not fit, and is replaced whole when it does, behind a link too")
  func replaced() async throws {
    let before = "before"
    let script = "printf \(before) > real.svg; chmod 600 real.svg; ln -s real.svg link.svg"
    let kept = try await shell(
      "\(script); (ulimit -f 1; $program flow graph flow.yaml --output link.svg); cat real.svg")
    #expect(kept.output == before, "\(kept)")
    let ended = try await shell(
      "\(script); $program flow graph flow.yaml --output link.svg; stat -c %a real.svg; test -L link.svg && cat real.svg"
    )
    #expect(ended.output.hasPrefix("600\n<svg"), "\(ended)")
    #expect(ended.output.hasSuffix("</svg>\n") || ended.output.hasSuffix("</svg>"), "\(ended)")
  }

  @Test("a device and a pipe are written as they are")
  func devices() async throws {
    let full = try await shell("$program flow graph flow.yaml --output /dev/full; s=$?; test -c /dev/full && exit $s")
    #expect(full.status == 1 && full.errors.contains("cannot write /dev/full: No space left on device"), "\(full)")
    let pipe = try await shell("mkfifo pipe; cat pipe & $program flow graph flow.yaml --output pipe; wait")
    #expect(pipe.status == 0 && pipe.output.hasPrefix("<svg"), "\(pipe)")
  }

  @Test("a full disk: nothing half written under its name", .enabled(if: SmallDisk.isPossible, "needs user namespaces"))
  func fullDisk() async throws {
    let script = """
      mkdir out && mount -t tmpfs -o size=16k tmpfs out && head -c 12000 /dev/zero > out/ballast
      $program simulate --text case.yaml --report out; s=$?; ls -A out; exit $s
      """
    let ended = try await shell(script, through: SmallDisk.shell)
    #expect(ended.status == 1 && ended.errors.contains("No space left on device; free some space there"), "\(ended)")
    #expect(!ended.output.contains("index.html") && !ended.output.contains(".voiceforge-"), "\(ended.output)")
  }

  /// Runs a script in a folder with a flow and a case; `$program` is ours.
  private func shell(_ script: String, through shell: [String] = ["/bin/sh", "-c"]) async throws -> Command.Ended {
    let scratch = try Scratch()
    _ = try scratch.write(Self.flow, to: "flow.yaml")
    _ = try scratch.write(
      "defaults: {flow: appointment}\ncases:\n  - id: one\n    turns:\n      - say: Goodbye.\n", to: "case.yaml")
    let command = try Command(
      Array(shell.dropFirst()) + ["program='\(VoiceForgeBinary.url.path())'\n\(script)"],
      program: URL(filePath: shell[0]), folder: scratch)
    return try await command.end(within: .seconds(30))
  }
}

/// A disk of some kilobytes in a mount namespace of one's own.
enum SmallDisk {
  static let shell = ["/usr/bin/unshare", "--map-root-user", "--mount", "/bin/sh", "-c"]

  /// Whether this machine lets us have one.
  static var isPossible: Bool {
    let process = Process()
    process.executableURL = URL(filePath: shell[0])
    process.arguments = Array(shell.dropFirst()) + ["mount -t tmpfs -o size=16k tmpfs /mnt"]
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
