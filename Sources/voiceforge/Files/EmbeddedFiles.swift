import CPage
import WebSockets

/// The page, and the sample flows and cases, which are inside the program.
enum EmbeddedFiles {
  /// The files of the page by their path below `web/`.
  static var page: [String: [UInt8]] {
    let folder = "web/"
    return all.reduce(into: [:]) { files, file in
      if file.path.hasPrefix(folder) { files[String(file.path.dropFirst(folder.count))] = file.bytes }
    }
  }

  /// Paths of the files of a folder such as `Samples/flows`, sorted; without those of folders within it.
  static func paths(in folder: String) -> [String] {
    all.map(\.path).filter { path in
      path.hasPrefix("\(folder)/") && !path.dropFirst(folder.count + 1).contains("/")
    }
  }

  /// The contents of one file, by its path from the repository's root.
  static func bytes(of path: String) -> [UInt8]? { all.first { $0.path == path }?.bytes }

  private struct File {
    let path: String
    let contents: UnsafeBufferPointer<UInt8>

    var bytes: [UInt8] { Array(contents) }
  }

  private static var all: [File] {
    UnsafeBufferPointer(start: embedded_files(), count: embedded_files_count()).map { file in
      File(path: String(cString: file.path), contents: UnsafeBufferPointer(start: file.bytes, count: file.count))
    }
  }
}

extension Settings {
  /// The files of the page, from the folder that is named or from inside the program.
  func page() throws(CommandFault) -> StaticFiles {
    guard let folder = webFolder else { return StaticFiles(EmbeddedFiles.page) }
    do throws(WebSocketError) { return try StaticFiles(root: folder) } catch {
      throw CommandFault("there is no folder \(folder) for the page; correct VOICEFORGE_WEB")
    }
  }
}
