/// Calls and words that have no place in the code.
enum ForbiddenCalls {
  /// The core asks nobody for the time, waits for nothing and says nothing: whoever drives it does.
  private static let forbiddenInCore: Set<String> = [
    "Date", "Clock", "ContinuousClock", "SuspendingClock", "clock_gettime", "gettimeofday", "DispatchTime",
    "SystemRandomNumberGenerator", "arc4random", "print", "debugPrint", "dump", "sleep", "usleep", "nanosleep", "Task",
    "Foundation", "FoundationEssentials", "Glibc", "Logger",
  ]
  /// Each of these draws from the system unless it is told to use a generator.
  private static let draws: Set<String> = ["random", "randomElement", "shuffle", "shuffled"]

  static func inCore(_ file: SourceFile) -> [Violation] {
    guard file.isSource, file.moduleName == "CallCore" else { return [] }
    let tokens = file.tokens
    return tokens.indices.compactMap { index in
      let token = tokens[index]
      if forbiddenInCore.contains(token.text), !isLabel(index, in: tokens) {
        return Violation(file, line: token.line, "\(token.text): the core is a value that others drive")
      }
      guard draws.contains(token.text), index > 0, tokens[index - 1].text == "." else { return nil }
      guard !Token.callArguments(after: index, in: tokens).contains("using") else { return nil }
      return Violation(file, line: token.line, "\(token.text) without a generator: replays would differ")
    }
  }

  /// Words of the first kind hide an error, those of the second a piece of work that nobody owns.
  static func inSources(_ file: SourceFile) -> [Violation] {
    guard file.isSource, file.isSwift else { return [] }
    let tokens = file.tokens
    let lost = tokens.indices.dropLast().compactMap { index -> Violation? in
      switch (tokens[index].text, tokens[index + 1].text) {
      case ("try", "?"): Violation(file, line: tokens[index].line, "try? loses the error")
      case ("catch", _) where isEmptyCatch(index, in: tokens):
        Violation(file, line: tokens[index].line, "an empty catch loses the error")
      default: nil
      }
    }
    let promises = ["TODO", "FIXME", "HACK"].filter { file.text.contains($0) }
    guard !promises.isEmpty else { return lost }
    let undone = file.lines.enumerated().compactMap { index, line -> Violation? in
      let words = line.split { !$0.isLetter }
      guard let word = promises.first(where: { words.contains($0[...]) }) else { return nil }
      return Violation(file, line: index + 1, "\(word): do it, or open an issue")
    }
    return lost + undone
  }

  /// Release tests cannot see what only `@testable` shows.
  static func testable(_ file: SourceFile) -> [Violation] {
    file.tokens.indices.dropFirst().compactMap { index in
      guard file.tokens[index].text == "testable", file.tokens[index - 1].text == "@" else { return nil }
      return Violation(file, line: file.tokens[index].line, "@testable: use package or public")
    }
  }

  /// Only the composition root knows where settings come from.
  static func environment(_ file: SourceFile) -> [Violation] {
    guard file.isSource, file.moduleName != "voiceforge" else { return [] }
    let tokens = file.tokens
    return tokens.indices.compactMap { index in
      let isRead =
        ["getenv", "secure_getenv", "setenv", "putenv", "environ"].contains(tokens[index].text)
        || (tokens[index].text == "environment" && index > 1 && tokens[index - 2].text == "processInfo")
      guard isRead, !isLabel(index, in: tokens) else { return nil }
      return Violation(file, line: tokens[index].line, "reads the environment; only voiceforge may")
    }
  }

  /// What `print` and its kind cannot write is lost without a word; `TerminalOutput` keeps it for the end of the command.
  static func printing(_ file: SourceFile) -> [Violation] {
    guard file.isSource, file.isSwift else { return [] }
    let tokens = file.tokens
    return tokens.indices.dropLast().compactMap { index in
      let isCall = ["print", "debugPrint", "dump", "puts", "fputs", "printf", "putchar"].contains(tokens[index].text)
      let isMember = index > 0 && tokens[index - 1].text == "."
      guard isCall, !isMember, tokens[index + 1].text == "(", index == 0 || tokens[index - 1].text != "func" else {
        return nil
      }
      return Violation(
        file, line: tokens[index].line, "\(tokens[index].text) loses errors; use Terminal or TerminalOutput")
    }
  }

  /// Tests that may wait for the real time, and why. All others run in virtual time.
  static let waitingTests = [
    "ServerTests": "a real socket between two threads",
    "WebSocketsTests": "a real socket between two threads",
    "CommandTests": "another process",
    "DatabaseTests": "another process",
    "TestCluster": "another process",
    "MachineWatch": "a machine that is busy",
    "TestSupport": "a real socket between two threads",
  ]

  static func sleeps(_ file: SourceFile) -> [Violation] {
    guard file.isTest, let moduleName = file.moduleName, waitingTests[moduleName] == nil else { return [] }
    return file.tokens.filter { ["sleep", "usleep", "nanosleep", "sleepForTimeInterval"].contains($0.text) }
      .map { Violation(file, line: $0.line, "\($0.text): a unit test never waits") }
  }

  /// An argument's name is no use of what is called the same.
  private static func isLabel(_ index: Int, in tokens: [Token]) -> Bool {
    index + 1 < tokens.count && tokens[index + 1].text == ":"
  }

  private static func isEmptyCatch(_ index: Int, in tokens: [Token]) -> Bool {
    guard let brace = tokens[index...].firstIndex(where: { $0.text == "{" }) else { return false }
    return brace + 1 < tokens.count && tokens[brace + 1].text == "}"
  }
}
