import Foundation

/// The program in a process of its own. Ended by force when nobody holds it any more, or when it takes too long.
final class Command {
  /// What it left behind.
  struct Ended: Sendable {
    /// Exit code; negative for a signal.
    let status: Int32
    let output: String
    let errors: String
  }

  /// It did not end, or did not say what was waited for.
  struct TooLate: Error, CustomStringConvertible {
    let description: String
  }

  private let process = Process()
  private let scratch: Scratch

  /// Starts the program in an empty folder, so that no `.env` and no folder of the repository is found by chance.
  /// - Parameters:
  ///   - environment: further variables.
  ///   - input: file for standard input.
  ///   - program: another program than ours.
  ///   - folder: another one than an empty folder.
  init(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
    program: URL = VoiceForgeBinary.url,
    folder: Scratch? = nil
  ) throws {
    scratch = try folder ?? Scratch()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: scratch.path)
    process.environment = VoiceForgeBinary.environment.merging(environment) { $1 }
    // Files, because a pipe that nobody reads would stop the program.
    process.standardOutput = FileHandle(forWritingAtPath: try scratch.write("", to: "output"))
    process.standardError = FileHandle(forWritingAtPath: try scratch.write("", to: "errors"))
    process.standardInput = input.flatMap(FileHandle.init(forReadingAtPath:)) ?? FileHandle.nullDevice
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: String..., environment: [String: String] = [:], input: String? = nil,
    within limit: Duration = .seconds(20)
  ) async throws -> Ended {
    try await Command(arguments, environment: environment, input: input).end(within: limit)
  }

  /// Runs a line of shell to its end.
  static func shell(_ line: String) async throws -> Ended {
    try await Command(["-c", line], program: URL(filePath: "/bin/sh")).end(within: .seconds(20))
  }

  /// What it wrote to standard output so far.
  var output: String { text("output") }
  /// What it wrote to standard error so far.
  var errors: String { text("errors") }

  /// Waits for its end.
  func end(within limit: Duration) async throws -> Ended {
    try await wait(limit, for: "its end") { process.isRunning ? nil : true }
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Ended(status: status, output: output, errors: errors)
  }

  /// Of the process.
  var id: Int32 { process.processIdentifier }

  /// Sends a signal.
  func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Limits are those of an idle machine. A busy one is given more, because no test is about how fast it is.
  private static let busyFactor = 4
  private static let guardMin: Duration = .seconds(120)

  /// Waits until `find` gives something.
  @discardableResult
  func wait<Found>(_ limit: Duration, for what: String, _ find: () throws -> Found?) async throws -> Found {
    let deadline = ContinuousClock.now + max(limit * Self.busyFactor, Self.guardMin)
    while true {
      if let found = try find() { return found }
      guard ContinuousClock.now < deadline else {
        throw TooLate(description: "waited \(limit) for \(what)\noutput: \(output)\nerrors: \(errors)")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  private func text(_ name: String) -> String {
    FileManager.default.contents(atPath: scratch.file(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
