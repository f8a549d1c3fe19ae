import CPage

/// The page, and the sample flows and cases, which are inside the program.
public enum EmbeddedFiles {
  /// The files of the page by their path below `web/`.
  public static var page: [String: [UInt8]] {
    let folder = "web/"
    return all.reduce(into: [:]) { files, file in
      if file.path.hasPrefix(folder) { files[String(file.path.dropFirst(folder.count))] = file.bytes }
    }
  }

  /// Paths of the files of a folder such as `Samples/flows`, sorted; without those of folders within it.
  public static func paths(in folder: String) -> [String] {
    all.map(\.path).filter { path in
      path.hasPrefix("\(folder)/") && !path.dropFirst(folder.count + 1).contains("/")
    }
  }

  /// The contents of one file, by its path from the repository's root.
  public static func bytes(of path: String) -> [UInt8]? { all.first { $0.path == path }?.bytes }

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
