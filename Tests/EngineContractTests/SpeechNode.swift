import Foundation

/// `voiceforge serve --role speech` in a process of its own, on a free port. It ends with the tests: its standard input does.
final class SpeechNode: Sendable {
  struct NeverCame: Error {}

  /// Such as `http://127.0.0.1:40123`.
  let url: String
  private let process: Process
  private let input = Pipe()

  init() throws {
    process = Process()
    process.executableURL = Self.program
    process.arguments = ["serve", "--role", "speech", "--port", "0", "--stop-with-input"]
    process.environment = ProcessInfo.processInfo.environment.filter {
      ["HOME", "PATH", "VOICEFORGE_ENGINES", "LD_LIBRARY_PATH"].contains($0.key)
    }
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var text = ""
    while true {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else { throw NeverCame() }
      text += String(decoding: piece, as: UTF8.self)
      if text.contains("\n"), let match = text.firstMatch(of: /serves on (http:\/\/\S+)/) {
        url = String(match.1)
        return
      }
    }
  }

  /// `VOICEFORGE_BINARY`, or the one that was built beside these tests.
  private static var program: URL {
    if let path = ProcessInfo.processInfo.environment["VOICEFORGE_BINARY"] { return URL(filePath: path) }
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let beside = tests.deletingLastPathComponent().appending(path: "voiceforge")
    if FileManager.default.isExecutableFile(atPath: beside.path()) { return beside }
    #if DEBUG
      return URL(filePath: ".build/debug/voiceforge")
    #else
      return URL(filePath: ".build/release/voiceforge")
    #endif
  }
}
