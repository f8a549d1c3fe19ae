import CallCore
import Engines
import FoundationEssentials
import Glibc

/// What the environment and a `.env` file say. Command-line options come before both, defaults after.
struct Settings {
  /// The variables: the environment's own, and those of `.env` that it does not have.
  let variables: [String: String]

  /// Reads the process' environment and `.env` in the working directory, when there is one.
  /// - Throws: `CommandFault` when `.env` cannot be read.
  init() throws(CommandFault) {
    let own = ProcessInfo.processInfo.environment
    variables = own.merging(try EnvironmentFile.here()?.variables ?? [:]) { mine, _ in mine }
  }

  subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// Where the speech engines are.
  var engineFolder: EngineFolder { EngineFolder(environment: variables) }

  /// The folder of the page: beside the sources that this was built from, or `web` in the working directory.
  var webFolder: String? { folder("web", named: "VOICEFORGE_WEB") }

  /// The folder of the flow files, likewise.
  var flowFolder: String? { folder("Samples/flows", named: "VOICEFORGE_FLOWS") }

  func folder(_ path: String, named name: String) -> String? {
    if let named = self[name] { return named }
    let beside = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "../../../\(path)").standardizedFileURL.path()
    return [path, beside].first { FileManager.default.fileExists(atPath: $0) }
  }
}
