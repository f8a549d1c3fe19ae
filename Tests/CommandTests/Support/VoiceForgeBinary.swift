import Foundation

/// The program under test, as a user has it.
enum VoiceForgeBinary {
  /// `VOICEFORGE_BINARY`, or the one that was built beside these tests.
  static let url: URL = {
    if let path = ProcessInfo.processInfo.environment["VOICEFORGE_BINARY"] { return URL(filePath: path) }
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let beside = tests.deletingLastPathComponent().appending(path: "voiceforge")
    return FileManager.default.isExecutableFile(atPath: beside.path()) ? beside : inBuildFolder
  }()

  /// Where the tests are run by a helper of the toolchain.
  private static var inBuildFolder: URL {
    #if DEBUG
      let configuration = "debug"
    #else
      let configuration = "release"
    #endif
    return URL(filePath: ".build/\(configuration)/voiceforge")
  }

  /// The tests' own variables, but for settings that would change what the program does.
  static var environment: [String: String] {
    let own = ProcessInfo.processInfo.environment
    return own.filter { ["HOME", "PATH", "VOICEFORGE_ENGINES", "LD_LIBRARY_PATH"].contains($0.key) }
  }
}
