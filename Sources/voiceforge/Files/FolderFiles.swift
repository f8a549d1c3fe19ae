import Formats
import Glibc
import Threads

/// The files of a folder that people edit.
enum FolderFiles {
  /// Files that standard error names once, by folder as the system numbers it: flows and cases may lie in one. A file beyond `toldMax` may be
  /// named again.
  private static let told = Locked<Set<String>>([])
  private static let toldMax = 1000

  /// Names in alphabetical order of folders in it, and of links to them; those that begin with a dot are left out, and names that are not UTF-8.
  static func folders(in folder: String) throws(ByteFile.Fault) -> [String] {
    try entries(of: folder).compactMap { bytes in
      guard bytes.first != UInt8(ascii: "."), let name = String(validating: bytes, as: UTF8.self) else { return nil }
      var status = stat()
      return stat("\(folder)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR ? name : nil
    }.sorted()
  }

  /// Names in alphabetical order of regular files, of links to them, and of what cannot be looked at, so that reading it says why. A pipe or
  /// socket is left out: nobody would ever write what is read from it.
  ///
  /// Names that begin with a dot are those of editors and systems (`.#menu.yaml`, `._menu.yaml`), and left out, too. A name that is not
  /// UTF-8 cannot be named by a flow or in a report: it is left out, and standard error says so once where it
  /// has one of `endings`.
  ///
  /// - Throws: `ByteFile.Fault` when the folder cannot be read.
  static func names(in folder: String, endings: [String]) throws(ByteFile.Fault) -> [String] {
    var names: [String] = []
    for bytes in try entries(of: folder) where bytes.first != UInt8(ascii: ".") {
      guard let name = String(validating: bytes, as: UTF8.self) else {
        let shown = String(decoding: bytes, as: UTF8.self)
        if endings.contains(where: shown.hasSuffix), isNew(bytes, in: folder) {
          Terminal.errorLine("\(folder)/\(shown) is left out: its name is not UTF-8; rename it")
        }
        continue
      }
      var status = stat()
      if stat("\(folder)/\(name)", &status) != 0 || status.st_mode & S_IFMT == S_IFREG { names.append(name) }
    }
    return names.sorted()
  }

  /// Whether standard error has not named the file yet; from now on it has.
  private static func isNew(_ name: [UInt8], in folder: String) -> Bool {
    var status = stat()
    guard stat(folder, &status) == 0 else { return true }
    let key = "\(status.st_dev)/\(status.st_ino)/\(name)"
    return told.withLock { told in
      guard !told.contains(key) else { return false }
      if told.count < toldMax { told.insert(key) }
      return true
    }
  }

  /// Paths of those that hold YAML but no test cases.
  static func flows(in folder: String) throws(ByteFile.Fault) -> [String] {
    let endings = [".yaml", ".yml"]
    return try names(in: folder, endings: endings).filter { name in endings.contains(where: name.hasSuffix) }
      .map { "\(folder)/\($0)" }.filter { sort(of: $0) != .cases }
  }

  /// Of one that cannot be read, `nil`: whoever reads it says why.
  static func sort(of path: String) -> FileSort? {
    guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else { return nil }
    do throws(ByteFile.Fault) {
      return TextFile.text(of: try ByteFile.read(path, bytesMax: FileSort.bytesMax)).flatMap { FileSort(of: $0) }
    } catch {
      return nil
    }
  }

  /// Names as they are in the file system: any bytes but `/` and zero.
  private static func entries(of folder: String) throws(ByteFile.Fault) -> [[UInt8]] {
    guard let stream = opendir(folder) else { throw ByteFile.Fault(errno: errno) }
    defer { closedir(stream) }
    var entries: [[UInt8]] = []
    errno = 0
    while let entry = readdir(stream) {
      entries.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { name in Array(name.prefix { $0 != 0 }) })
    }
    guard errno == 0 else { throw ByteFile.Fault(errno: errno) }
    return entries
  }
}
