import Foundation

/// The files of this repository as they lie on the disk.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Every text file that people wrote: all that git knows or would take, so that a file is judged before it is committed.
  static let files: [SourceFile] = paths(of: ["ls-files", "--cached", "--others", "--exclude-standard"])
    .compactMap { path in
      guard let data = FileManager.default.contents(atPath: root.appending(path: path).path),
        let text = String(data: data, encoding: .utf8)
      else { return nil }  // deleted, or sound
      return SourceFile(path, text)
    }

  static let sources = swiftFiles(in: "Sources")
  static let tests = swiftFiles(in: "Tests")

  static func swiftFiles(in folder: String) -> [SourceFile] {
    files.filter { $0.isSwift && $0.path.hasPrefix("\(folder)/") }
  }

  /// Files that are in git.
  static var trackedPaths: [String] { paths(of: ["ls-files"]) }

  /// - Returns: the file's text; empty, which no test accepts, when it is not there.
  static func text(_ path: String) -> String { files.first { $0.path == path }?.text ?? "" }

  /// Files of any kind that git knows or would take.
  static func paths(in folders: [String]) -> [String] {
    paths(of: ["ls-files", "--cached", "--others", "--exclude-standard"] + folders).filter { path in
      FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }
  }

  private static func paths(of arguments: [String]) -> [String] {
    let git = Process()
    git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    git.arguments = ["git", "-C", root.path, arguments[0], "-z"] + arguments.dropFirst()
    let output = Pipe()
    git.standardOutput = output
    do {
      try git.run()
    } catch {
      preconditionFailure("these tests ask git for the repository's files: \(error)")
    }
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    git.waitUntilExit()
    precondition(git.terminationStatus == 0, "these tests ask git for the repository's files; it knows none here")
    return String(decoding: bytes, as: UTF8.self).split(separator: "\0").map(String.init)
  }
}
