import Testing

@Suite("Usage")
struct UsageTests {
  static let commands = [
    "serve", "call", "simulate", "merge", "work", "say", "transcribe", "voices", "migrate", "openapi", "doctor",
    "replay",
  ]

  @Test("every command explains itself with examples", arguments: commands)
  func help(command: String) async throws {
    let ended = try await Command.run(command, "--help")
    #expect(ended.status == 0)
    #expect(ended.output.contains("OVERVIEW: ") && ended.output.contains("voiceforge \(command)"))
    #expect(ended.output.contains("EXAMPLES"))
    #expect(ended.errors.isEmpty)
  }

  @Test("the program names its commands and its exit codes")
  func overview() async throws {
    let ended = try await Command.run("--help")
    #expect(ended.status == 0)
    for command in Self.commands { #expect(ended.output.contains("\n  \(command) "), "\(command)") }
    #expect(ended.output.contains("EXIT CODES"))
  }

  @Test(
    "wrong usage is told on standard error and ends with 2",
    arguments: [
      (["sreve"], "there is no command 'sreve'; there are serve, call"),
      (["serve", "--prot", "1"], "Unknown option '--prot'. Did you mean '--port'?"),
      (["serve", "--calls", "0"], "--calls: expected 1 to 100000, got 0"),
      (["say", "Hello."], "Missing expected argument '--output <file>'"),
      (["say", "…", "--output", "x.wav"], "there is nothing to say in \"…\""),
      (
        ["say", "Hello.", "--output", "/nowhere/x.wav"],
        "cannot write /nowhere/x.wav: the folder /nowhere/: No such file or directory"
      ),
      (["say", "Hello.", "--voice", "hart", "--output", "x.wav"], "there is no voice \"hart\"; near it are heart"),
      (["transcribe"], "Missing expected argument '<files> ...'"),
      (["transcribe", "nothing.wav"], "there is no file nothing.wav"),
      (["voices", "--language", "xx"], "no voice speaks \"xx\""),
      (["call"], "the caller has nothing to say: add --say"),
      (["call", "--keys", "12x"], "The value '12x' is invalid for '--keys <keys>': expected 1 to 32 of 0-9, * and #"),
      (
        ["call", "--interrupt", "soon", "--say", "Stop."], "expected 0 to 60000 milliseconds"
      ),
      (
        ["call", "--say", "Stop.", "--interrupt", "500"],
        "--interrupt must stand in front of what is said over the agent"
      ),
      (
        ["call", "--say", "Hi.", "--target", "ftp://x"],
        "--target: expected an address such as ws://127.0.0.1:8080/v1/call"
      ),
      (["call", "--say", "Hi.", "--save", "/nowhere/x.wav"], "cannot write /nowhere/x.wav"),
    ] as [([String], String)])
  func wrongUsage(arguments: [String], message: String) async throws {
    let ended = try await Command(arguments).end(within: .seconds(20))
    #expect(ended.status == 2)
    #expect(ended.errors.hasPrefix("voiceforge: "))
    #expect(ended.errors.contains(message), "\(ended.errors)")
    #expect(ended.output.isEmpty)
  }
}
