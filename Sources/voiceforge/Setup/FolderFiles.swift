import FoundationEssentials
import Glibc

/// The files of a folder.
enum FolderFiles {
  /// Names in alphabetical order of regular files, of links to them, and of what cannot be looked at, so that reading it says why. A pipe or
  /// socket is left out: nobody would ever write what is read from it.
  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { name in
      var status = stat()
      return stat("\(folder)/\(name)", &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    }
  }
}
